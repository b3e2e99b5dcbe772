set local role packhouse_owner;
set local lock_timeout = '5s';

-- Since when a tenant's callers are refused, whatever they come with.
alter table packhouse.tenants add column suspended_at timestamptz;
-- An administrator's to set: what serves requests may not lift it.
revoke update on packhouse.tenants from packhouse_app;
grant update (tenant_id, created_at) on packhouse.tenants to packhouse_app;

create table packhouse.api_keys (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  key_id text collate "C" not null,
  name text not null check (length(name) <= 256),
  role text not null check (role in ('reader', 'writer', 'admin')),
  -- SHA-256 of the whole key, which itself is kept nowhere.
  digest bytea not null check (octet_length(digest) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  -- To the minute.
  last_used_at timestamptz,
  primary key (tenant_id, key_id)
);
call packhouse.protect('packhouse.api_keys');
