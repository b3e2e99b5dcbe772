-- Backups read every tenant's rows: a role of their own, which nothing that serves requests holds. Only a superuser may
-- make a role that row-level security does not bind, and not every migrator is one; no table depends on it.
do $backup$
begin
  create role packhouse_backup nologin bypassrls in role pg_read_all_data;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise notice 'For backups: create role packhouse_backup nologin bypassrls in role pg_read_all_data';
end $backup$;

set local role packhouse_owner;

-- FORCE binds the owner like everyone: across tenants it sees nothing, and a backfill of its own would change nothing and
-- say nothing. What it may read without a tenant is who there is, and then go to each in turn.
create policy directory on packhouse.tenants for select to packhouse_owner using (true);
