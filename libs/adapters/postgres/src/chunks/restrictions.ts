import type { Filter } from '@packhouse/core';
import { filterCondition } from './filter-condition.js';
import type { PhraseHolders } from './phrase-holders.js';
import type { RequiredTerms } from './required-terms.js';
import type { SearchParams } from './search-params.js';

/** What a search asks of a chunk beside its rank. */
export interface Restrictions {
  readonly filter?: Filter | undefined;
  readonly required?: RequiredTerms | undefined;
  readonly holders?: PhraseHolders | undefined;
}

/**
 * Conditions on the row `searched`, each begun with `and`: to stand within a scan, before its limit. What they look at
 * lies in other rows than the scan's, which stay narrow.
 */
export function restrictionsSql({ filter, required, holders }: Restrictions, params: SearchParams): string {
  const conditions = [
    filter && among('packhouse.chunks', filterCondition(filter, params)),
    required && among('packhouse.chunk_terms', hasTerms(required, params)),
    holders && among('packhouse.chunks', isHeld(holders, params)),
  ];
  return conditions.flatMap((condition) => (condition ? [`and ${condition}`] : [])).join(' ');
}

/**
 * `is true` keeps the planner from making a join of it, as it does not know how many rows pass: it sorted all vectors first
 * and looked each up. So it hashes the ids that pass, or, where those are too many to hash, looks up rows one by one.
 */
const among = (table: string, condition: string) => `(exists (
  select from ${table} other
  where other.tenant_id = $1 and other.chunk_id = searched.chunk_id and ${condition}) is true)`;

/** Each chunk has to have what its own analyzer made of the words. */
const hasTerms = ({ analyzers, terms }: RequiredTerms, { bind }: SearchParams) => `not exists (
  select from unnest(${bind(analyzers)}::text[], ${bind(terms)}::sparsevec[]) as required(analyzer, term)
  where required.analyzer = other.analyzer and other.terms <#> required.term >= 0)`;

/** The digest too: it is the text that was looked at, and no later one under the same id. */
const isHeld = ({ ids, digests }: PhraseHolders, { bind }: SearchParams) => `(other.chunk_id, other.digest) in (
  select * from unnest(${bind(ids)}::text[], ${bind(digests)}::text[]))`;
