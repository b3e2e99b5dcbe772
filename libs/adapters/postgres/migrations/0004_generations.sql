set local role packhouse_owner;

alter table packhouse.chunk_vectors drop constraint chunk_vectors_tenant_id_generation_fkey;

-- One generation of a tenant is what its questions are embedded for; another may be built beside it, and earlier ones
-- are kept to go back to.
-- Numbers in two bytes: a row of 4,000 dimensions has few to spare on its page.
alter table packhouse.embedding_models
  alter column generation type smallint,
  alter column dimensions type smallint,
  add column state text not null default 'building' check (state in ('active', 'building', 'retired')),
  -- How far the build has come: each chunk up to this id had its vector when the build went past it.
  add column embedded_to text collate "C" not null default '',
  add column activated_at timestamptz,
  -- Why it is not switched to without an operator's word; null where it may be.
  add column held text,
  add unique (tenant_id, generation, dimensions);
create unique index embedding_models_active on packhouse.embedding_models (tenant_id) where state = 'active';

-- Numbers are given once: an index may stand that was made for a dropped generation's dimensions.
alter table packhouse.corpus add column last_generation smallint not null default 0;

-- The database's own check that a vector is as long as its generation says.
alter table packhouse.chunk_vectors
  alter column generation type smallint,
  add column dimensions smallint not null generated always as (vector_dims(embedding)) stored;

-- FORCE binds the owner too: its backfill would change nothing, and say nothing.
alter table packhouse.embedding_models no force row level security;
alter table packhouse.chunk_vectors no force row level security;
alter table packhouse.corpus no force row level security;

alter table packhouse.chunk_vectors add foreign key (tenant_id, generation, dimensions)
  references packhouse.embedding_models (tenant_id, generation, dimensions);

do $$
begin
  -- The fullest is the one that questions found most by; of equally full ones, the latest.
  update packhouse.embedding_models m
  set state = case m.generation when fullest.generation then 'active' else 'retired' end,
    activated_at = case m.generation when fullest.generation then now() end
  from (
    select distinct on (tenant_id) tenant_id, generation
    from (
      select m.tenant_id, m.generation, count(v.chunk_id) as vectors
      from packhouse.embedding_models m left join packhouse.chunk_vectors v using (tenant_id, generation)
      group by m.tenant_id, m.generation
    ) counted
    order by tenant_id, vectors desc, generation desc
  ) fullest
  where m.tenant_id = fullest.tenant_id;
  update packhouse.corpus c set last_generation = last.generation
  from (select tenant_id, max(generation) as generation from packhouse.embedding_models group by tenant_id) last
  where c.tenant_id = last.tenant_id;
  if exists (select from packhouse.embedding_models group by tenant_id having count(*) filter (where state = 'active') <> 1)
  then
    raise exception 'A tenant has vectors, but no generation of them became active.';
  end if;
end $$;

alter table packhouse.embedding_models force row level security;
alter table packhouse.chunk_vectors force row level security;
alter table packhouse.corpus force row level security;

-- A sample of what a tenant asks, to compare generations by: as many slots, so it cannot grow.
create table packhouse.asked_questions (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  slot int not null check (slot between 0 and 199),
  question text not null check (length(question) <= 2000),
  primary key (tenant_id, slot)
);
call packhouse.protect('packhouse.asked_questions');
