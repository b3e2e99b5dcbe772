import type { TenantTx } from '../db/db.js';
import { TERM_SPACE } from './analysis/term-index.js';
import { countOfWeight, termWeight } from './bm25.js';
import type { SparseVector } from './sparse-vector.js';
import { arrayBinary, sparsevecBinary } from './vectors-binary.js';

interface Row {
  chunk_id: string;
  length: number;
  terms: SparseVector;
}

/** Rows in memory at once. */
const BATCH = 1_000;

/**
 * Brings a tenant's stored weights of one analyzer to another mean length. BM25 divides a chunk's length by the mean of all, so a weight
 * is true for one mean only. Following each write to the letter would rewrite everything each time; a mean within a tenth
 * of the true one moves no weight by more than a few hundredths, and a tenant that grows gets here ever more rarely.
 * The counts are had from the old weights, so the texts are neither read nor analysed.
 */
export async function reweigh(
  tx: TenantTx,
  analyzer: string,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let after = '', rows = BATCH; rows === BATCH;) {
    const batch = await tx.query<Row>(
      `select chunk_id, length, terms from packhouse.chunk_terms
       where tenant_id = $1 and chunk_id > $2 and analyzer = $3 order by chunk_id limit ${BATCH}`,
      [tx.tenant, after, analyzer],
      signal,
    );
    if (batch.length > 0) await writeWeights(tx, batch, from, to, signal);
    rows = batch.length;
    after = batch.at(-1)?.chunk_id ?? after;
  }
}

async function writeWeights(tx: TenantTx, rows: readonly Row[], from: number, to: number, signal?: AbortSignal) {
  await tx.query(
    `update packhouse.chunk_terms t set terms = weighed.terms
     from unnest($2::text[], $3::sparsevec[]) as weighed(chunk_id, terms)
     where t.tenant_id = $1 and t.chunk_id = weighed.chunk_id`,
    [tx.tenant, rows.map(({ chunk_id }) => chunk_id), arrayBinary(rows.map((row) => weighed(row, from, to)))],
    signal,
  );
}

function weighed({ length, terms }: Row, from: number, to: number): Buffer {
  const weights = terms.indices.map((index, place): [number, number] => {
    const count = countOfWeight(terms.values[place] as number, length, from);
    return [index + 1, termWeight(count, length, to)];
  });
  return sparsevecBinary(new Map(weights), TERM_SPACE);
}
