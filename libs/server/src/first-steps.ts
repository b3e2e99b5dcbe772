import { tenantId } from '@packhouse/core';
import { asTenant, vectorStores, type Db } from '@packhouse/postgres';
import type { RunningServer } from './start.js';
import { signToken } from './tokens.js';

const DEMO = tenantId('demo');
const HOURS = 3_600;

/** What a newcomer needs: where the server is, a token, and three commands to copy. */
export async function firstSteps({ url, parts }: RunningServer): Promise<string> {
  const where = `Packhouse is ready at ${url} (${parts.database.description})`;
  if (parts.settings.JWT_JWKS_URL) return where;
  const token = signToken(parts.settings, { tenant: DEMO, role: 'writer', expiresIn: 12 * HOURS });
  const store = await demoStore(parts.db);
  const curl = `curl -sS -H 'Authorization: Bearer ${token}'`;
  const json = `-H 'Content-Type: application/json'`;
  return `${where}

A development token for tenant "${DEMO}", good for 12 hours (another: npm run -s packhouse -- token --tenant NAME):
${token}

1. Upload a PDF, HTML, Markdown or text file, and wait until it is searchable:
${curl} -H 'Prefer: wait=60' -F purpose=assistants -F vector_store_id=${store} -F file=@README.md ${url}/v1/files

2. Search it:
${curl} ${json} -d '{"query":"What is Packhouse?"}' ${url}/v1/vector_stores/${store}/search

3. Ask it:
${curl} ${json} -d '{"model":"fusion","messages":[{"role":"user","content":"What is Packhouse?"}]}' ${url}/v1/chat/completions

Ctrl-C stops the server; what was uploaded stays.`;
}

/** The demo tenant's store, made at the first start. */
function demoStore(db: Db): Promise<string> {
  return asTenant(db, DEMO, async (tx) => {
    const { data } = await vectorStores.list(tx, { limit: 1, order: 'asc' });
    const [store] = data.length > 0 ? data : [await vectorStores.insert(tx, { name: 'First steps' })];
    return (store as { vectorStoreId: string }).vectorStoreId;
  });
}
