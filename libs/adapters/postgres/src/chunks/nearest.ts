import type { Embedding, Hit, SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { CHUNK_COLUMNS, toHit, type HitRow } from './chunk-row.js';
import { denseLeg } from './dense-leg.js';
import { namingDimensions } from './dimension-mismatch.js';
import { searchParams } from './search-params.js';
import { vectorBinary } from './vectors-binary.js';

const NEAREST = `
  with ${denseLeg('$4', '$5')}
  select ${CHUNK_COLUMNS}, dense.score
  from dense join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = dense.chunk_id
  order by dense.rank`;

/** The chunks nearest to a vector by cosine, among vectors of its model. */
export async function nearest(
  tx: TenantTx,
  { model, vector }: Embedding,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const params = [...searchParams(tx, options), model, vectorBinary(vector)];
  const rows = await namingDimensions(model, tx.query<HitRow>(NEAREST, params, signal));
  return rows.map(toHit);
}
