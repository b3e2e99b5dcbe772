import type { Hit, HybridQuestion, SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { askedTerms, usedAnalyzers } from './asked-terms.js';
import { CHUNK_COLUMNS, toHit, type HitRow } from './chunk-row.js';
import { demanded } from './demanded.js';
import type { DenseLegWriter } from './dense-leg.js';
import { denseSearch } from './dense-search.js';
import { lexicalLeg } from './lexical-leg.js';
import { restrictionsSql } from './restrictions.js';
import { scoresEnough, searchParams } from './search-params.js';

/** Reciprocal rank fusion's constant: Cormack, Clarke and Buettcher (2009). */
const RRF_K = 60;

/**
 * Both searches in one statement, so in one snapshot, merged by weighted reciprocal rank. What the text demands binds
 * both: a hit without a required word would be no answer, however near it is.
 */
export async function hybrid(
  tx: TenantTx,
  { text, embedding, weights }: HybridQuestion,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const analyzers = await usedAnalyzers(tx, signal);
  const demands = await demanded(tx, analyzers, text, options, signal);
  const write = (dense: DenseLegWriter) => {
    const params = searchParams(tx, options, candidates(options.limit));
    const { bind } = params;
    const restrictions = restrictionsSql(demands, params);
    const lexical = lexicalLeg(askedTerms(analyzers, text), restrictions, params);
    const { ctes, applies } = dense({ embedding, restrictions }, params);
    const share = (leg: string, weight: number) => `coalesce(${bind(weight)}::float8 / (${RRF_K} + ${leg}.rank), 0)`;
    const sql = `
      with ${lexical}, ${ctes},
      fused as (
        select chunk_id, ${share('lexical', weights.lexical)} + ${share('dense', weights.dense)} as score
        from lexical full join dense using (chunk_id)
        order by score desc, chunk_id
        limit ${bind(options.limit)}
      )
      select ${CHUNK_COLUMNS}, fused.score
      from fused join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = fused.chunk_id
      where ${applies} and ${scoresEnough('fused.score', options, params)}
      order by fused.score desc, c.chunk_id`;
    return { sql, values: params.values };
  };
  return (await denseSearch<HitRow>(tx, embedding.model, write, signal)).map(toHit);
}

/** How deep each search goes: a chunk that both find late can still beat one that a single search finds early. */
export function candidates(limit: number): number {
  return Math.max(4 * limit, 100);
}
