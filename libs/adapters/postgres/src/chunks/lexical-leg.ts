import { K1 } from './bm25.js';
import { TERM_SPACE } from './analysis/term-index.js';
import type { AskedTerms } from './asked-terms.js';
import type { SearchParams } from './search-params.js';

/**
 * The SQL of the CTEs that end in `lexical` (`chunk_id`, `distance`): the `depth` chunks of tenant `$1` in the collections
 * searched that match a question's terms best. The question's weights come from the statistics that this same
 * statement sees. The score, which is minus the distance, is BM25 as a share of what a chunk made of nothing but these
 * terms would approach: 0 to 1, never 1. Terms that no chunk has count against all; chunks that share none are no hits.
 *
 * Each analyzer has statistics, and a share, of its own. As no two share a term, their weights are one vector all the
 * same, and one scan ranks chunks of all languages.
 *
 * BM25's weight of a term, ln(1 + (N - n + 0.5) / (n + 0.5)), is ln((N + 1) / (n + 0.5)).
 *
 * @param restrictions further conditions on the row `searched`, each begun with `and`
 */
export function lexicalLeg(
  [analyzers, terms, times]: AskedTerms,
  restrictions: string,
  { bind, depth, isSearched }: SearchParams,
): string {
  const askedFor = bind(terms);
  return `
  weighed as (
    select analyzer, term, found, times * ln((chunks + 1) / (coalesce(found, 0) + 0.5::float8)) as idf
    from unnest(${bind(analyzers)}::text[], ${askedFor}::int[], ${bind(times)}::int[]) as asked(analyzer, term, times)
      join packhouse.analyses using (analyzer)
      left join (
        select term, chunks as found from packhouse.term_frequencies where tenant_id = $1 and term = any(${askedFor})
      ) frequencies using (term)
    where tenant_id = $1
  ),
  question as materialized (
    select ('{' || string_agg(term || ':' || idf / total, ',') || '}/${TERM_SPACE}')::sparsevec as weights
    from (select *, sum(idf) over (partition by analyzer) * ${K1 + 1} as total from weighed) shares
    where found > 0
  ),
  lexical as (
    select chunk_id, distance
    from (
      select chunk_id, terms <#> (select weights from question) as distance
      from packhouse.chunk_terms searched
      where tenant_id = $1 and ${isSearched}
        and (select weights from question) is not null ${restrictions}
      order by distance, chunk_id
      limit ${depth}
    ) nearest
    where distance < 0
  )`;
}
