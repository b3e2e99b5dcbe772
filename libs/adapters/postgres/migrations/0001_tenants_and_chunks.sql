-- Run by a role that may create roles and extensions. What holds tenants' data belongs to packhouse_owner: every later
-- migration begins with `set local role packhouse_owner` and ends each table with `call packhouse.protect(...)`.

do $$
begin
  -- Roles belong to the whole server: another database's migration may be making them at this moment.
  begin
    create role packhouse_owner nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    create role packhouse_app nologin;
    -- Set on the role, not on connections: it holds behind a transaction-pooling proxy too.
    alter role packhouse_app set statement_timeout = '30s';
    alter role packhouse_app set lock_timeout = '10s';
    alter role packhouse_app set idle_in_transaction_session_timeout = '60s';
    alter role packhouse_app set client_connection_check_interval = '1s';
    -- Plans for this tenant, not for tenants in general; compiling takes longer than any search of ours.
    alter role packhouse_app set plan_cache_mode = 'force_custom_plan';
    alter role packhouse_app set jit = 'off';
  exception when duplicate_object or unique_violation then null;
  end;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant packhouse_owner, packhouse_app to %I', current_user);
  end if;
  execute format('grant create on database %I to packhouse_owner', current_database());
end $$;

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
