import type { Hit, SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { askedTerms } from './asked-terms.js';
import { CHUNK_COLUMNS, toHit, type HitRow } from './chunk-row.js';
import { lexicalLeg } from './lexical-leg.js';
import { searchParams } from './search-params.js';

const MATCHING = `
  with ${lexicalLeg('$4', '$5')}
  select ${CHUNK_COLUMNS}, lexical.score
  from lexical join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = lexical.chunk_id
  order by lexical.rank`;

/** The chunks that match a text best by BM25. */
export async function matching(
  tx: TenantTx,
  text: string,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Hit[]> {
  const params = [...searchParams(tx, options), ...askedTerms(text)];
  return (await tx.query<HitRow>(MATCHING, params, signal)).map(toHit);
}
