import type { Hit, SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { askedTerms, usedAnalyzers } from './asked-terms.js';
import { CHUNK_COLUMNS, toHit, type HitRow } from './chunk-row.js';
import { demanded } from './demanded.js';
import { lexicalLeg } from './lexical-leg.js';
import { restrictionsSql } from './restrictions.js';
import { scoresEnough, searchParams } from './search-params.js';

/** The chunks that match a text best by BM25. */
export async function matching(
  tx: TenantTx,
  text: string,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const params = searchParams(tx, options);
  const analyzers = await usedAnalyzers(tx, signal);
  const restrictions = restrictionsSql(await demanded(tx, analyzers, text, options, signal), params);
  const sql = `
    with ${lexicalLeg(askedTerms(analyzers, text), restrictions, params)}
    select ${CHUNK_COLUMNS}, lexical.score
    from lexical join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = lexical.chunk_id
    where ${scoresEnough('lexical.score', options, params)}
    order by lexical.rank`;
  return (await tx.query<HitRow>(sql, params.values, signal)).map(toHit);
}
