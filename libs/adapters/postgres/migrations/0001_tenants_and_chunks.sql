-- Run by a role that may create roles and extensions. What holds tenants' data belongs to packhouse_owner: every later
-- migration begins with `set local role packhouse_owner` and ends each table with `call packhouse.protect(...)`.

do $setup$
declare
  role text;
  setting text;
begin
  -- Roles belong to the whole server: another database's migration may be making them at this moment.
  begin
    create role packhouse_owner nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    create role packhouse_app nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  foreach role in array array['packhouse_owner', 'packhouse_app'] loop
    if not pg_has_role(current_user, role, 'member') then
      execute format('grant %I to %I', role, current_user);
    end if;
  end loop;
  -- Set on the role, not on connections: so it holds behind a transaction-pooling proxy too. For this database alone: it
  -- is nobody else's, and no two databases' migrations write the same row.
  foreach setting in array array[
    $$statement_timeout = '30s'$$,
    $$lock_timeout = '10s'$$,
    $$idle_in_transaction_session_timeout = '60s'$$,
    $$client_connection_check_interval = '1s'$$,
    -- Plans for this tenant, not for tenants in general; and compiling takes longer than any search of ours.
    $$plan_cache_mode = 'force_custom_plan'$$,
    $$jit = 'off'$$
  ] loop
    execute format('alter role packhouse_app in database %I set ', current_database()) || setting;
  end loop;
  execute format('grant create on database %I to packhouse_owner', current_database());
end $setup$;

create extension if not exists vector;

alter schema packhouse owner to packhouse_owner;
grant usage on schema packhouse to packhouse_app;
grant select on packhouse.migrations to packhouse_app;

-- The queue's own tables, which it creates and upgrades itself; they hold ids, never a tenant's content.
create schema packhouse_jobs authorization packhouse_app;

set local role packhouse_owner;

-- Puts a tenant's table, with all its partitions, behind row-level security. Every table with a tenant_id goes through
-- it. Rights stand on the parent alone: a partition read by its own name would not be under the parent's policy.
create procedure packhouse.protect(target regclass) language plpgsql as $$
declare
  part regclass;
begin
  for part in select target union select relid from pg_partition_tree(target) loop
    execute format('alter table %s enable row level security', part);
    execute format('alter table %s force row level security', part);
    -- A transaction without a tenant reads '' after an earlier one on its session had a tenant, else NULL: neither
    -- equals any tenant's name. Not wrapped in a sub-select, which would hide the tenant from the planner.
    execute format(
      'create policy tenant on %s using (tenant_id = nullif(current_setting(''app.tenant'', true), ''''))
         with check (tenant_id = nullif(current_setting(''app.tenant'', true), ''''))', part);
  end loop;
  execute format('grant select, insert, update, delete on %s to packhouse_app', target);
end $$;
revoke all on procedure packhouse.protect from public;

-- Who there is: work across tenants loops over it.
create table packhouse.tenants (
  tenant_id text collate "C" primary key check (length(tenant_id) between 1 and 63),
  created_at timestamptz not null default now()
);
call packhouse.protect('packhouse.tenants');

-- Chunks as they are quoted. The two tables below hold what they are searched by: an exact scan of one tenant reads
-- narrow rows only. All three are cut alike, so that a tenant's rows lie together and one scan stays in one partition.
create table packhouse.chunks (
  tenant_id text collate "C" not null,
  chunk_id text collate "C" not null,
  collection text collate "C" not null,
  document_id text collate "C" not null,
  ordinal int not null,
  body text not null,
  -- SHA-256 of the body, in hex: tells a chunk that stays from one that changed without reading it.
  digest text collate "C" not null,
  span_start int not null,
  span_end int not null,
  pages jsonb not null,
  source text not null,
  attributes jsonb not null,
  primary key (tenant_id, chunk_id)
) partition by hash (tenant_id);
create index chunks_document on packhouse.chunks (tenant_id, collection, document_id);

-- Each chunk's BM25 weights, one index a term; length is its number of terms, repeated ones counted.
create table packhouse.chunk_terms (
  tenant_id text collate "C" not null,
  chunk_id text collate "C" not null,
  collection text collate "C" not null,
  length int not null,
  terms sparsevec(1000000000) not null,
  primary key (tenant_id, chunk_id)
) partition by hash (tenant_id);

-- Each model a tenant uses is a generation: vectors of several stand side by side and are never compared.
create table packhouse.embedding_models (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  generation int not null,
  model text collate "C" not null,
  dimensions int not null check (dimensions between 1 and 4000),
  primary key (tenant_id, generation),
  unique (tenant_id, model)
);

create table packhouse.chunk_vectors (
  tenant_id text collate "C" not null,
  generation int not null,
  chunk_id text collate "C" not null,
  collection text collate "C" not null,
  embedding halfvec not null,
  primary key (tenant_id, generation, chunk_id),
  foreign key (tenant_id, generation) references packhouse.embedding_models
) partition by hash (tenant_id);

do $$
declare
  leaf text;
begin
  for i in 0..15 loop
    execute format('create table packhouse.chunks_%s partition of packhouse.chunks
      for values with (modulus 16, remainder %1$s)', i);
    foreach leaf in array array['chunk_terms', 'chunk_vectors'] loop
      -- Rows up to a whole page stay in it (the default moves columns of rows over 2 kB out, and a scan would fetch each).
      execute format('create table packhouse.%1$s_%2$s partition of packhouse.%1$s
        for values with (modulus 16, remainder %2$s) with (toast_tuple_target = 8160)', leaf, i);
      -- From leaf to leaf: between the parents it would be one constraint for each pair of partitions.
      execute format('alter table packhouse.%1$s_%2$s add foreign key (tenant_id, chunk_id)
        references packhouse.chunks_%2$s (tenant_id, chunk_id) on delete cascade', leaf, i);
    end loop;
  end loop;
end $$;

-- What BM25 needs to know of a tenant's chunks, kept true by every write. Its row is also the lock of the tenant's
-- writers: whoever writes chunks takes it first.
create table packhouse.corpus (
  tenant_id text collate "C" primary key references packhouse.tenants on delete cascade,
  chunks int not null default 0,
  -- The sum of all lengths.
  terms bigint not null default 0,
  -- The mean length that all of the tenant's stored weights were computed with; near the true one, see reweigh.ts.
  weighted_length float8 not null default 0
);

-- In how many chunks each term stands. One document writes hundreds of rows: no foreign key is checked for each, and
-- pages are left with room, so that a new count need not touch the index.
create table packhouse.term_frequencies (
  tenant_id text collate "C" not null,
  term int not null,
  chunks int not null check (chunks > 0),
  primary key (tenant_id, term)
) with (fillfactor = 70);

call packhouse.protect('packhouse.chunks');
call packhouse.protect('packhouse.chunk_terms');
call packhouse.protect('packhouse.embedding_models');
call packhouse.protect('packhouse.chunk_vectors');
call packhouse.protect('packhouse.corpus');
call packhouse.protect('packhouse.term_frequencies');
