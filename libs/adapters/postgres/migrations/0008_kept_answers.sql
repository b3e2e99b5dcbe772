set local role packhouse_owner;

-- What a request that had an effect was answered with, written in the effect's own transaction: the same request, sent
-- again, is answered so and has no second effect.
create table packhouse.kept_answers (
  tenant_id text collate "C" not null references packhouse.tenants on delete cascade,
  operation text collate "C" not null,
  -- The caller's own.
  key text collate "C" not null check (length(key) between 1 and 255),
  -- SHA-256 of what was sent, in hex.
  fingerprint text collate "C" not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, operation, key)
);
-- The oldest go first.
create index kept_answers_age on packhouse.kept_answers (tenant_id, created_at);
call packhouse.protect('packhouse.kept_answers');
