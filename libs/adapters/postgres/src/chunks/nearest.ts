import type { Embedding, Hit, SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { CHUNK_COLUMNS, toHit, type HitRow } from './chunk-row.js';
import { denseLeg } from './dense-leg.js';
import { namingDimensions } from './dimension-mismatch.js';
import { restrictionsSql } from './restrictions.js';
import { scoresEnough, searchParams } from './search-params.js';
import { vectorBinary } from './vectors-binary.js';

/** The chunks nearest to a vector by cosine, among vectors of its model. */
export async function nearest(
  tx: TenantTx,
  { model, vector }: Embedding,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const params = searchParams(tx, options);
  const leg = denseLeg(params.bind(model), params.bind(vectorBinary(vector)), restrictionsSql(options, params));
  const sql = `
    with ${leg}
    select ${CHUNK_COLUMNS}, dense.score
    from dense join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = dense.chunk_id
    where ${scoresEnough('dense.score', options, params)}
    order by dense.rank`;
  const rows = await namingDimensions(model, tx.query<HitRow>(sql, params.values, signal));
  return rows.map(toHit);
}
