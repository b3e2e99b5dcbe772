import type { Hit, HybridQuestion, SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { askedTerms } from './asked-terms.js';
import { CHUNK_COLUMNS, toHit, type HitRow } from './chunk-row.js';
import { denseLeg } from './dense-leg.js';
import { namingDimensions } from './dimension-mismatch.js';
import { lexicalLeg } from './lexical-leg.js';
import { searchParams } from './search-params.js';
import { vectorBinary } from './vectors-binary.js';

/** Reciprocal rank fusion's constant: Cormack, Clarke and Buettcher (2009). */
const RRF_K = 60;

const HYBRID = `
  with ${lexicalLeg('$4', '$5')}, ${denseLeg('$6', '$7')},
  fused as (
    select chunk_id,
      coalesce($8::float8 / (${RRF_K} + lexical.rank), 0) + coalesce($9::float8 / (${RRF_K} + dense.rank), 0) as score
    from lexical full join dense using (chunk_id)
    order by score desc, chunk_id
    limit $10
  )
  select ${CHUNK_COLUMNS}, fused.score
  from fused join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = fused.chunk_id
  order by fused.score desc, c.chunk_id`;

/** Both searches in one statement, so in one snapshot, merged by weighted reciprocal rank. */
export async function hybrid(
  tx: TenantTx,
  { text, embedding, weights }: HybridQuestion,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const params = [
    ...searchParams(tx, options, candidates(options.limit)),
    ...askedTerms(text),
    embedding.model,
    vectorBinary(embedding.vector),
    weights.lexical,
    weights.dense,
    options.limit,
  ];
  const rows = await namingDimensions(embedding.model, tx.query<HitRow>(HYBRID, params, signal));
  return rows.map(toHit);
}

/** How deep each search goes: a chunk that both find late can still beat one that a single search finds early. */
export function candidates(limit: number): number {
  return Math.max(4 * limit, 100);
}
