import type { Hit, SearchOptions } from '@packhouse/core';
import { askedTerms } from './asked-terms.js';
import { CHUNK_COLUMNS, chunkOf, toHit, type HitRow } from './chunk-row.js';
import { demanded } from './demanded.js';
import { lexicalLeg } from './lexical-leg.js';
import { restrictionsSql } from './restrictions.js';
import { scoresEnough, searchParams } from './search-params.js';
import { isCommon, runSearch } from './search-statement.js';
import { byUsedAnalyzers, seenAll, type SearchReads, type UsedAnalyzers } from './used-analyzers.js';

/** The chunks that match a text best by BM25. */
export async function matching(
  reads: SearchReads,
  text: string,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const search = async ({ names, analyzers }: UsedAnalyzers) => {
    const params = searchParams(reads, options);
    const restrictions = restrictionsSql(await demanded(reads, analyzers, text, options, signal), params);
    const sql = `
      with ${lexicalLeg(askedTerms(analyzers, text), restrictions, params)}
      select ${CHUNK_COLUMNS}, -lexical.distance as score
      from lexical ${chunkOf('lexical')}
      where ${seenAll(params.bind(names))} and ${scoresEnough('-lexical.distance', options, params)}
      order by lexical.distance, c.chunk_id`;
    const statement = { sql, values: params.values, common: isCommon(options.limit, restrictions) };
    return runSearch<HitRow>(reads, statement, signal);
  };
  return (await byUsedAnalyzers(reads, search, signal)).map(toHit);
}
