import { TERM_SPACE } from './floor-terms.js';

/** A prepared statement, known to each connection by its name. */
const statement = (name: string, text: string) => ({ name, text });

/** Counts a write in, whose row is also the lock of the tenant's writers. */
export const COUNT = statement(
  'count',
  `insert into corpus values ($1, $2, $3)
   on conflict (tenant_id) do update set chunks = corpus.chunks + excluded.chunks, terms = corpus.terms + excluded.terms
   returning terms::float8 / greatest(chunks, 1) as mean`,
);

/** Text, vectors, terms and term statistics, at once. */
export const INSERT = statement(
  'insert',
  `with text as (
     insert into chunks
     select $1, id, $2, ordinal, body, '{}' from unnest($3::text[], $4::int[], $5::text[]) as new(id, ordinal, body)
   ),
   vectors as (
     insert into chunk_vectors
     select $1, id, embedding::halfvec(384) from unnest($3::text[], $6::vector[]) as new(id, embedding)
   ),
   terms as (
     insert into chunk_terms
     select $1, id, length, terms from unnest($3::text[], $7::int[], $8::sparsevec[]) as new(id, length, terms)
   )
   insert into term_frequencies as f select $1, term, chunks from unnest($9::int[], $10::int[]) as new(term, chunks)
   on conflict (tenant_id, term) do update set chunks = f.chunks + excluded.chunks`,
);

export const DELETE = statement(
  'delete',
  `with gone as (delete from chunks where tenant_id = $1 and document_id = $2 returning chunk_id),
   vectors as (delete from chunk_vectors v using gone where v.tenant_id = $1 and v.chunk_id = gone.chunk_id),
   terms as (
     delete from chunk_terms t using gone where t.tenant_id = $1 and t.chunk_id = gone.chunk_id
     returning length, terms
   ),
   fewer as (
     select split_part(entry, ':', 1)::int as term, count(*)::int as chunks
     from terms, unnest(string_to_array(split_part(trim(leading '{' from terms::text), '}', 1), ',')) as entry
     group by 1
   ),
   counted as (
     update term_frequencies f set chunks = f.chunks - fewer.chunks from fewer
     where f.tenant_id = $1 and f.term = fewer.term
   )
   select count(*)::int as chunks, coalesce(sum(length), 0)::int as terms from terms`,
);

const COLUMNS = 'c.chunk_id, c.document_id, c.ordinal, c.body, c.attributes';

export const DENSE = statement(
  'dense',
  `select ${COLUMNS}, 1 - distance as score
   from (
     select chunk_id, embedding <=> $2::vector::halfvec(384) as distance
     from chunk_vectors where tenant_id = $1 order by distance limit $3
   ) nearest join chunks c on c.tenant_id = $1 and c.chunk_id = nearest.chunk_id
   order by distance`,
);

/** Weighted reciprocal rank fusion of BM25 and cosine, 100 deep. */
export const HYBRID = statement(
  'hybrid',
  `with question as materialized (
     select ('{' || string_agg(asked.term || ':' || times * ln(1 + (corpus.chunks - f.chunks + 0.5) / (f.chunks + 0.5)), ','
       order by asked.term) || '}/${TERM_SPACE}')::sparsevec as weights
     from unnest($4::int[], $5::int[]) as asked(term, times)
       join corpus on corpus.tenant_id = $1
       join term_frequencies f on f.tenant_id = $1 and f.term = asked.term
   ),
   lexical as materialized (
     select chunk_id, row_number() over (order by distance) as rank
     from (
       select chunk_id, terms <#> (select weights from question) as distance
       from chunk_terms where tenant_id = $1 order by distance limit 100
     ) best where distance < 0
   ),
   dense as materialized (
     select chunk_id, row_number() over (order by distance) as rank
     from (
       select chunk_id, embedding <=> $2::vector::halfvec(384) as distance
       from chunk_vectors where tenant_id = $1 order by distance limit 100
     ) best
   ),
   fused as (
     select chunk_id, coalesce($6::float8 / (60 + lexical.rank), 0) + coalesce($7::float8 / (60 + dense.rank), 0) as score
     from lexical full join dense using (chunk_id) order by score desc limit $3
   )
   select ${COLUMNS}, score from fused join chunks c on c.tenant_id = $1 and c.chunk_id = fused.chunk_id
   order by score desc`,
);
