import { tenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import { postgresBudget } from '../budget/postgres-budget.js';
import { apiKeys } from '../catalogue/api-keys.js';
import { files } from '../catalogue/files.js';
import { keptAnswers } from '../catalogue/kept-answers.js';
import { tenantBlobs } from '../blobs/tenant-blobs.js';
import { tenantChunks } from '../chunks/chunk-store.js';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { within } from '../db/within.js';
import { questions } from '../generations/questions.js';

/** One's name begins with the other's. */
export const VICTIM = tenantId('acme');
export const ATTACKER = tenantId('ac');

/** What only the victim's rows hold. */
export const SECRET = 'platypus';

/**
 * Names of things: `victim` ones are the victim's alone, `shared` ones both tenants have, `vacant` ones nobody has. The
 * names are equally long and the vacant sorts where the victim's does, so that what is said of them is the same but for it.
 */
export type Name = 'victim' | 'shared' | 'vacant';

/** Everything of one name that a call may be about. */
export function target(name: Name) {
  return {
    name,
    key: `key_${name}`,
    file: `file-${name}`,
    store: `vs_${name}`,
    batch: `vsfb_${name}`,
    ingestion: `ing_${name}`,
    blob: `blob-${name}`,
    chunk: `chunk-${name}`,
    model: `model-${name}`,
    word: `${name}word`,
    document: { collection: `vs_${name}`, documentId: `file-${name}` },
  };
}

export type Target = ReturnType<typeof target>;

export const VECTOR = Float32Array.of(1, 0, 0);

export const FILE = { purpose: 'assistants', mediaType: 'text/plain', bytes: 3, sha256: 'ab'.repeat(32) };

export const KEY = { role: 'reader', digest: Buffer.alloc(32) } as const;
export const CALL = { inputTokens: 5, outputTokens: 7 } as const;
export const OPERATION = 'POST /v1/vector_stores';

/** Fills both tenants through the code that the application uses. */
export async function seed(db: Db): Promise<void> {
  await asTenant(db, VICTIM, (tx) => add(tx, target('victim'), SECRET));
  await asTenant(db, VICTIM, (tx) => add(tx, target('shared'), SECRET));
  await asTenant(db, ATTACKER, (tx) => add(tx, target('shared'), 'wombat'));
}

async function add(tx: TenantTx, { key, file, store, batch, ingestion, blob, ...rest }: Target, content: string) {
  await apiKeys.insert(tx, key, { ...KEY, name: content });
  await files.insert(tx, file, { ...FILE, filename: `${content}.txt` });
  for (const id of [file, blob]) await tenantBlobs(tx).put(id, bytesOf(content));
  await tx.query('insert into packhouse.vector_stores (tenant_id, vector_store_id, name) values ($1, $2, $3)', [
    tx.tenant,
    store,
    content,
  ]);
  await tx.query('insert into packhouse.file_batches (tenant_id, vector_store_id, batch_id) values ($1, $2, $3)', [
    tx.tenant,
    store,
    batch,
  ]);
  await tx.query(
    `insert into packhouse.vector_store_files
       (tenant_id, vector_store_id, file_id, ingestion_id, batch_id, chunking, attributes)
     values ($1, $2, $3, $4, $5, '{}', jsonb_build_object('of', $6::text))`,
    [tx.tenant, store, file, ingestion, batch, content],
  );
  await tenantChunks(tx).replaceDocument(rest.document, [chunkOf(rest, content)]);
  await questions.record(tx, content);
  await keptAnswers.keep(tx, { operation: OPERATION, key: store, fingerprint: FILE.sha256, answer: content });
  await spend(tx, content);
}

/** One call that was settled, and one that nobody will. */
async function spend(tx: TenantTx, model: string): Promise<void> {
  const reserve = (lapseSeconds: number) =>
    postgresBudget(within(tx), { lapseSeconds })
      .forTenant(tx.tenant)
      .reserve({ ...CALL, model });
  await (await reserve(60)).settle({ ...CALL, estimated: false });
  await reserve(0);
}

/** The chunk of that name, with its vector. */
export function chunkOf(
  { chunk: id, document, word, model }: Omit<Target, 'key' | 'file' | 'store' | 'batch' | 'ingestion' | 'blob'>,
  content: string,
) {
  const attributes = { of: content };
  return {
    ...chunk({ ...document, id, text: `${word} ${content}`, source: `${content}.txt`, attributes }),
    embedding: { model, vector: VECTOR },
  };
}

export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
