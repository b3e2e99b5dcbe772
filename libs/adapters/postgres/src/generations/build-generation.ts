import { PackhouseError, throwIfAborted, type Embedder, type TenantId } from '@packhouse/core';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { beginGeneration } from './begin-generation.js';
import { LACKS_VECTOR, missingVectors } from './missing-vectors.js';
import { putEmbeddings } from './put-embeddings.js';

interface Unembedded {
  readonly id: string;
  readonly text: string;
  readonly digest: string;
}

/**
 * Embeds what a tenant's generation lacks, a batch of the embedder's size at a time, until every chunk has its vector.
 * Each batch is one transaction that also moves the generation's cursor, so that a build which was broken off anywhere
 * goes on from there when it is called again; documents may come and go meanwhile. Nothing is switched. An active
 * generation with gaps is filled likewise.
 *
 * @throws PackhouseError `dimension_mismatch`, `provider_failed`, `aborted`, and the embedder's own
 */
export async function buildGeneration(
  db: Db,
  tenant: TenantId,
  embedder: Embedder,
  signal?: AbortSignal,
): Promise<void> {
  const within = <T>(work: (tx: TenantTx) => Promise<T>) => asTenant(db, tenant, work, signal);
  const { generation } = await within((tx) => beginGeneration(tx, embedder));
  for (;;) {
    throwIfAborted(signal);
    const batch = await within((tx) => nextBatch(tx, generation, embedder.maxBatch));
    if (batch.length > 0) {
      const vectors = await embedBatch(embedder, batch, signal);
      await within((tx) => putBatch(tx, generation, embedder.model, batch, vectors));
    } else if (!(await within((tx) => rewind(tx, generation)))) return;
  }
}

function nextBatch(tx: TenantTx, generation: number, size: number): Promise<Unembedded[]> {
  return tx.query<Unembedded>(NEXT, [tx.tenant, generation, size]);
}

const NEXT = `
  select chunk_id as id, body as text, digest
  from packhouse.chunks c
  where tenant_id = $1 and ${LACKS_VECTOR}
    and chunk_id > (select embedded_to from packhouse.embedding_models where tenant_id = $1 and generation = $2)
  order by chunk_id limit $3`;

async function embedBatch(
  embedder: Embedder,
  batch: readonly Unembedded[],
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const texts = batch.map(({ text }) => text);
  const vectors = await embedder.embed(texts, 'document', signal);
  if (vectors.length === batch.length) return vectors;
  const message = `${embedder.model} made ${vectors.length} vectors of ${batch.length} texts.`;
  throw new PackhouseError('provider_failed', message);
}

async function putBatch(
  tx: TenantTx,
  generation: number,
  model: string,
  batch: readonly Unembedded[],
  vectors: readonly Float32Array[],
): Promise<void> {
  const embeddings = batch.map(({ id, digest }, index) => ({ id, digest, vector: vectors[index] as Float32Array }));
  await putEmbeddings(tx, model, embeddings);
  await moveCursor(tx, generation, batch.at(-1)?.id ?? '');
}

/** Chunks may have come behind the cursor, from a process that knows nothing of this model: back to the start then. */
async function rewind(tx: TenantTx, generation: number): Promise<boolean> {
  const missing = await missingVectors(tx, generation);
  if (missing > 0) await moveCursor(tx, generation, '');
  return missing > 0;
}

async function moveCursor(tx: TenantTx, generation: number, to: string): Promise<void> {
  await tx.query('update packhouse.embedding_models set embedded_to = $3 where tenant_id = $1 and generation = $2', [
    tx.tenant,
    generation,
    to,
  ]);
}
