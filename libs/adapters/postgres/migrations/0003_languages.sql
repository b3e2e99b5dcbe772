set local role packhouse_owner;

-- What BM25 needs to know of the chunks that one analyzer analysed, kept true by every write under the corpus' lock. Terms
-- of different analyzers have different places in term_frequencies, so that table needs no analyzer.
create table packhouse.analyses (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  -- Language and version of the rules, as in `de/1`.
  analyzer text collate "C" not null,
  chunks int not null check (chunks > 0),
  -- The sum of their lengths.
  terms bigint not null,
  -- The mean length that their stored weights were computed with; near the true one, see reweigh.ts.
  weighted_length float8 not null,
  primary key (tenant_id, analyzer)
);

-- What is stored was analysed by rules that are no more: it is found by words again once it is analysed anew.
alter table packhouse.chunk_terms add column analyzer text collate "C" not null default 'en/0';
alter table packhouse.chunk_terms alter column analyzer drop default;

-- FORCE binds the owner too: its backfill would find nothing, and say nothing.
alter table packhouse.corpus no force row level security;
do $$
begin
  insert into packhouse.analyses (tenant_id, analyzer, chunks, terms, weighted_length)
  select tenant_id, 'en/0', chunks, terms, weighted_length from packhouse.corpus where chunks > 0;
  if (select count(*) from packhouse.analyses) <> (select count(*) from packhouse.corpus where chunks > 0) then
    raise exception 'A tenant''s statistics were not carried over.';
  end if;
end $$;
alter table packhouse.corpus force row level security;
call packhouse.protect('packhouse.analyses');

-- A server of the version before fails here: it would write weights that nobody can ask by. What is left is the lock of
-- the tenant's writers and how many chunks it has.
alter table packhouse.corpus drop column terms, drop column weighted_length;

alter table packhouse.vector_stores add column language text not null default 'en' check (length(language) between 2 and 64);
