import type { Hit, HybridQuestion, SearchOptions } from '@packhouse/core';
import { askedTerms } from './asked-terms.js';
import { CHUNK_COLUMNS, chunkOf, toHit, type HitRow } from './chunk-row.js';
import { demanded } from './demanded.js';
import type { DenseLegWriter } from './dense-leg.js';
import { denseSearch } from './dense-search.js';
import { lexicalLeg } from './lexical-leg.js';
import { restrictionsSql } from './restrictions.js';
import { scoresEnough, searchParams, type SearchParams } from './search-params.js';
import { isCommon } from './search-statement.js';
import { byUsedAnalyzers, seenAll, type SearchReads, type UsedAnalyzers } from './used-analyzers.js';

/** Reciprocal rank fusion's constant: Cormack, Clarke and Buettcher (2009). */
const RRF_K = 60;

/**
 * Both searches in one statement, so in one snapshot, merged by weighted reciprocal rank. A chunk that one of them did not
 * find counts as found right behind its last candidate: were it to count as nothing, whatever both find, however late, would
 * beat the one chunk that holds a word asked for. What the text demands binds both: a hit without a required word would be no
 * answer, however near it is.
 */
export async function hybrid(
  reads: SearchReads,
  { text, embedding, weights }: HybridQuestion,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const search = async ({ names, analyzers }: UsedAnalyzers) => {
    const asked = askedTerms(analyzers, text);
    const demands = await demanded(reads, analyzers, text, options, signal);
    const write = (leg: DenseLegWriter) => {
      const depth = candidates(options.limit);
      const params = searchParams(reads, options, depth);
      const restrictions = restrictionsSql(demands, params);
      const lexical = lexicalLeg(asked, restrictions, params);
      const dense = leg({ embedding, restrictions }, params);
      const sql = `
        with ${lexical}, ${dense.ctes},
        fused as (
          select chunk_id, ${sharesSql(weights, depth, params)} as score
          from ${rankedSql('lexical')} full join ${rankedSql('dense')} using (chunk_id)
          order by score desc, chunk_id
          limit ${options.limit}
        )
        select ${CHUNK_COLUMNS}, fused.score
        from fused ${chunkOf('fused')}
        where ${dense.applies} and ${seenAll(params.bind(names))} and ${scoresEnough('fused.score', options, params)}
        order by fused.score desc, c.chunk_id`;
      return { sql, values: params.values, common: isCommon(options.limit, restrictions) };
    };
    return denseSearch<HitRow>(reads, embedding.model, write, signal);
  };
  return (await byUsedAnalyzers(reads, search, signal)).map(toHit);
}

/** A leg's chunks with their ranks, from 1: an array's order is kept, and costs less than a window function. */
const rankedSql = (leg: string) => `
  unnest(array(select chunk_id from ${leg} order by distance, chunk_id)) with ordinality as ${leg}(chunk_id, rank)`;

/** What both searches' ranks give a chunk. */
function sharesSql({ lexical, dense }: HybridQuestion['weights'], depth: number, { bind }: SearchParams): string {
  const share = (leg: string, weight: number) =>
    `${bind(weight)}::float8 / (${RRF_K} + coalesce(${leg}.rank, ${depth + 1}))`;
  return `${share('lexical', lexical)} + ${share('dense', dense)}`;
}

/**
 * How deep each search goes: a chunk that both find late can still beat one that a single search finds early. For ten hits
 * forty do as well as a hundred, as tools/eval measures it, and take a tenth less time.
 */
export function candidates(limit: number): number {
  return Math.max(4 * limit, 40);
}
