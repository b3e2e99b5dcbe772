set local role packhouse_owner;
set local lock_timeout = '5s';

-- Days after its last use that a store expires; null for one that stays.
alter table packhouse.vector_stores add column expires_after_days int;
alter table packhouse.vector_stores
  add constraint expires_after_days check (expires_after_days between 1 and 365) not valid;
