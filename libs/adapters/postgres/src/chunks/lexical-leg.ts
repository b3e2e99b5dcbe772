import { K1 } from './bm25.js';
import { TERM_SPACE } from './analysis/term-index.js';

/**
 * The SQL of the CTEs that end in `lexical`: the `$3` chunks of tenant `$1`, in collections `$2` (null for all), that
 * match a question's terms best. The question's weights come from the statistics that this same statement sees. The
 * score is BM25 as a share of what a chunk made of nothing but these terms would approach: 0 to 1, never 1. Terms that
 * no chunk has count against all; chunks that share none are no hits.
 *
 * @param terms,times the parameters that hold the terms' indices and how often each is asked for
 */
export const lexicalLeg = (terms: string, times: string) => `
  asked as (
    select term, coalesce(f.chunks, 0) as found,
      times * ln(1 + (corpus.chunks - coalesce(f.chunks, 0) + 0.5) / (coalesce(f.chunks, 0) + 0.5)) as idf
    from unnest(${terms}::int[], ${times}::int[]) as question(term, times)
      join packhouse.corpus on corpus.tenant_id = $1
      left join packhouse.term_frequencies f using (tenant_id, term)
  ),
  question as materialized (
    select sum(idf) * ${K1 + 1} as best,
      ('{' || string_agg(term || ':' || idf, ',' order by term) filter (where found > 0) || '}/${TERM_SPACE}')::sparsevec
        as weights
    from asked
  ),
  lexical as materialized (
    select chunk_id, -distance / (select best from question) as score,
      row_number() over (order by distance, chunk_id) as rank
    from (
      select chunk_id, terms <#> (select weights from question) as distance
      from packhouse.chunk_terms
      where tenant_id = $1 and ($2::text[] is null or collection = any($2))
        and (select weights from question) is not null
      order by distance, chunk_id
      limit $3
    ) nearest
    where distance < 0
  )`;
