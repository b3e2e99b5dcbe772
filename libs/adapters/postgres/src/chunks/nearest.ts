import type { Embedding, Hit, SearchOptions } from '@packhouse/core';
import type { TenantReads } from '../db/db.js';
import { CHUNK_COLUMNS, chunkOf, toHit, type HitRow } from './chunk-row.js';
import type { DenseLegWriter } from './dense-leg.js';
import { denseSearch } from './dense-search.js';
import { restrictionsSql } from './restrictions.js';
import { scoresEnough, searchParams } from './search-params.js';
import { isCommon } from './search-statement.js';

/** The chunks nearest to a vector by cosine, among vectors of its model. */
export async function nearest(
  reads: TenantReads,
  embedding: Embedding,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const write = (leg: DenseLegWriter) => {
    const params = searchParams(reads, options);
    const restrictions = restrictionsSql(options, params);
    const { ctes, applies } = leg({ embedding, restrictions }, params);
    const sql = `
      with ${ctes}
      select ${CHUNK_COLUMNS}, 1 - dense.distance as score
      from dense ${chunkOf('dense')}
      where ${applies} and ${scoresEnough('1 - dense.distance', options, params)}
      order by dense.distance, c.chunk_id`;
    return { sql, values: params.values, common: isCommon(options.limit, restrictions) };
  };
  return (await denseSearch<HitRow>(reads, embedding.model, write, signal)).map(toHit);
}
