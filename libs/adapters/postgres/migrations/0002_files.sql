set local role packhouse_owner;

-- Bytes of files. Readers hold on to a version, so that one who is half way through notices a replacement.
create table packhouse.blobs (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  blob_id text collate "C" not null,
  version uuid not null default gen_random_uuid(),
  primary key (tenant_id, blob_id)
);
call packhouse.protect('packhouse.blobs');

create table packhouse.blob_parts (
  tenant_id text collate "C" not null,
  blob_id text collate "C" not null,
  part integer not null check (part >= 0),
  bytes bytea not null check (octet_length(bytes) between 1 and 1048576),
  primary key (tenant_id, blob_id, part),
  foreign key (tenant_id, blob_id) references packhouse.blobs on delete cascade
);
-- Files mostly come compressed: trying again costs time at every write and a copy at every read.
alter table packhouse.blob_parts alter column bytes set storage external;
call packhouse.protect('packhouse.blob_parts');

-- Ids below begin with their time, so the primary key is also the order in which lists are paged.
create table packhouse.files (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  file_id text collate "C" not null,
  filename text not null,
  purpose text not null,
  media_type text not null,
  bytes bigint not null check (bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  primary key (tenant_id, file_id)
);
call packhouse.protect('packhouse.files');

create table packhouse.vector_stores (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  vector_store_id text collate "C" not null,
  name text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  last_active_at timestamptz not null default now(),
  primary key (tenant_id, vector_store_id)
);
call packhouse.protect('packhouse.vector_stores');

create table packhouse.file_batches (
  tenant_id text collate "C" not null,
  vector_store_id text collate "C" not null,
  batch_id text collate "C" not null,
  created_at timestamptz not null default now(),
  cancelled_at timestamptz,
  primary key (tenant_id, vector_store_id, batch_id),
  foreign key (tenant_id, vector_store_id) references packhouse.vector_stores on delete cascade
);
call packhouse.protect('packhouse.file_batches');

create table packhouse.vector_store_files (
  tenant_id text collate "C" not null,
  vector_store_id text collate "C" not null,
  file_id text collate "C" not null,
  -- New at each attachment, so that a worker late from the one before finds nothing to write to.
  ingestion_id text collate "C" not null,
  batch_id text collate "C",
  status text not null default 'in_progress' check (status in ('in_progress', 'completed', 'failed', 'cancelled')),
  last_error_code text,
  last_error_message text,
  attributes jsonb not null default '{}',
  chunking jsonb not null,
  usage_bytes bigint not null default 0 check (usage_bytes >= 0),
  created_at timestamptz not null default now(),
  primary key (tenant_id, vector_store_id, file_id),
  unique (tenant_id, ingestion_id),
  check ((status = 'failed') = (last_error_code is not null and last_error_message is not null)),
  foreign key (tenant_id, vector_store_id) references packhouse.vector_stores on delete cascade,
  foreign key (tenant_id, file_id) references packhouse.files on delete cascade,
  foreign key (tenant_id, vector_store_id, batch_id) references packhouse.file_batches on delete cascade
);
create index vector_store_files_file on packhouse.vector_store_files (tenant_id, file_id);
create index vector_store_files_batch on packhouse.vector_store_files (tenant_id, vector_store_id, batch_id, file_id)
  where batch_id is not null;
call packhouse.protect('packhouse.vector_store_files');
