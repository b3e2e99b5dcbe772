set local role packhouse_owner;
set local lock_timeout = '5s';

-- When a file goes, with all that hangs on it; null for one that stays.
alter table packhouse.files add column expires_at timestamptz;
-- Every search asks it whether something is to go first. Building it reads the table once, a row a file: that is short.
create index files_expiry on packhouse.files (tenant_id, expires_at) where expires_at is not null;

-- What a store is for, in its maker's words.
alter table packhouse.vector_stores add column description text;
alter table packhouse.vector_stores add constraint description check (length(description) <= 512) not valid;
