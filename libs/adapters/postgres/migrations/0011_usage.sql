set local role packhouse_owner;

-- What a tenant's calls of a model came to on a day of UTC.
create table packhouse.token_usage (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  day date not null,
  model text collate "C" not null,
  calls bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  -- Of these, what no provider counted.
  estimated_tokens bigint not null,
  primary key (tenant_id, day, model)
);
call packhouse.protect('packhouse.token_usage');

-- The one row that all who spend of a tenant's day must write, and so wait for each other at.
create table packhouse.token_days (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  day date not null,
  spent bigint not null default 0,
  reserved bigint not null default 0 check (reserved >= 0),
  primary key (tenant_id, day)
);
call packhouse.protect('packhouse.token_days');

-- Calls that are being made; each is part of its day's `reserved` and goes as it is settled.
create table packhouse.token_reservations (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  reservation_id uuid not null,
  day date not null,
  model text collate "C" not null,
  -- Of the question, and of the longest answer.
  input_tokens bigint not null check (input_tokens >= 0),
  output_tokens bigint not null check (output_tokens >= 0),
  -- Nobody settles it after that: its process has died.
  lapses_at timestamptz not null,
  primary key (tenant_id, reservation_id)
);
call packhouse.protect('packhouse.token_reservations');
