import type { TenantTx } from '../db/db.js';
import { lockCorpus } from '../chunks/lock-corpus.js';
import { addGeneration } from './add-generation.js';
import { withFingerprint } from './fingerprint.js';
import { GENERATION_COLUMNS, listGenerations, type Fingerprint, type Generation } from './generation.js';

/**
 * Makes sure there is a generation of this model to build: a new one, or a retired one taken up again. A tenant's first
 * is active at once; one that is active or being built already stays as it is.
 *
 * @throws PackhouseError `dimension_mismatch` before anything is written
 */
export async function beginGeneration(
  tx: TenantTx,
  fingerprint: Fingerprint,
  signal?: AbortSignal,
): Promise<Generation> {
  await lockCorpus(tx, signal);
  const found = withFingerprint(await listGenerations(tx, signal), fingerprint);
  if (!found) return addGeneration(tx, fingerprint, signal);
  if (found.state !== 'retired') return found;
  const [begun] = await tx.query<Generation>(TAKE_UP, [tx.tenant, found.generation], signal);
  return begun as Generation;
}

const TAKE_UP = `
  update packhouse.embedding_models set state = 'building', embedded_to = '', held = null
  where tenant_id = $1 and generation = $2
  returning ${GENERATION_COLUMNS}`;
