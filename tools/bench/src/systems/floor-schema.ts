const TABLES = `
  create extension if not exists vector;
  create table chunks (
    tenant_id text collate "C", chunk_id text collate "C", document_id text collate "C", ordinal int not null,
    body text not null, attributes jsonb not null, primary key (tenant_id, chunk_id)
  ) partition by hash (tenant_id);
  create index on chunks (tenant_id, document_id);
  create table chunk_terms (
    tenant_id text collate "C", chunk_id text collate "C", length int not null, terms sparsevec(1000000000) not null,
    primary key (tenant_id, chunk_id)
  ) partition by hash (tenant_id);
  create table chunk_vectors (
    tenant_id text collate "C", chunk_id text collate "C", embedding halfvec(384) not null,
    primary key (tenant_id, chunk_id)
  ) partition by hash (tenant_id);
  create table corpus (tenant_id text collate "C" primary key, chunks int not null, terms bigint not null);
  create table term_frequencies (
    tenant_id text collate "C", term int, chunks int not null, primary key (tenant_id, term)
  ) with (fillfactor = 70);`;

const PARTITION = (table: string, remainder: number) => `
  create table ${table}_${remainder} partition of ${table} for values with (modulus 16, remainder ${remainder})`;

const NARROW = ' with (toast_tuple_target = 8160)';

/** The bare tables: cut and laid out as well as we know how, without policies and without foreign keys. */
export const FLOOR_SCHEMA = [
  TABLES,
  ...Array.from({ length: 16 }, (_, at) => [
    PARTITION('chunks', at),
    PARTITION('chunk_terms', at) + NARROW,
    PARTITION('chunk_vectors', at) + NARROW,
  ]).flat(),
].join(';');
