import pg from 'pg';
import type { System, SystemKind } from './system.js';

/** A system on its fresh database. */
export interface Opened {
  readonly system: System;
  /** Brings the planner's statistics up to date, as autovacuum would in time. */
  settle(): Promise<void>;
  /** Ends it and drops the database. */
  drop(): Promise<void>;
}

/** Opens a system on a new database of the server that `serverUrl` names. */
export async function openFresh(serverUrl: string, kind: SystemKind, suffix: string): Promise<Opened> {
  const name = `bench_${kind.name}_${suffix}`.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  const { url, drop } = await freshDatabase(serverUrl, name);
  const system = await kind.open(url);
  return {
    system,
    settle: () => run(url, 'vacuum analyze'),
    async drop() {
      await system.close();
      await drop();
    },
  };
}

/** A new, empty database of the server's, in the place of any of this name. */
export async function freshDatabase(serverUrl: string, name: string) {
  await run(serverUrl, `drop database if exists ${name} with (force)`);
  await run(serverUrl, `create database ${name}`);
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  return { url, drop: () => run(serverUrl, `drop database ${name} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
