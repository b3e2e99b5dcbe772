import { PackhouseError } from '@packhouse/core';
import type { Client } from 'pg';
import { sqlState } from '../db/database-error.js';
import type { Db } from '../db/db.js';
import { fromPool, type ClientLike } from '../db/from-pool.js';

/** One connection as packhouse_owner, whose settings and locks last until it is closed. */
export interface AdminSession {
  readonly db: Db;
  /** Has the server give up the statement that runs in it now. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/**
 * An index of millions of vectors takes hours; a lock waits for whoever reads at the time, a backup among them. A server
 * whose client is gone notices by the interval, instead of building on for nobody.
 */
const SETTINGS = `
  set role packhouse_owner;
  set statement_timeout = '24h';
  set lock_timeout = '1h';
  set idle_in_transaction_session_timeout = '10min';
  set client_connection_check_interval = '1s'`;

/**
 * @param url of a role that is a member of packhouse_owner, as the one that migrated is
 * @throws PackhouseError `forbidden` for another role, `unavailable`
 */
export async function openAdminSession(url: string): Promise<AdminSession> {
  const client = await connect(url);
  const db = fromPool({ connect: async () => borrowed(client) });
  const session = { db, cancel: () => cancel(url, client), close: () => client.end() };
  try {
    await db.query(SETTINGS);
    return session;
  } catch (error) {
    await session.close();
    throw refused(error);
  }
}

const CONNECT = { connectionTimeoutMillis: 10_000, keepAlive: true, application_name: 'packhouse maintain' };

async function connect(url: string): Promise<Client> {
  const { Client } = await import('pg').then((module) => module.default);
  const client = new Client({ ...CONNECT, connectionString: url });
  // A connection that breaks fails the statement that runs, or the next one.
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw new PackhouseError('unavailable', 'The database cannot be reached by the administrator.', { cause });
  });
  return client;
}

/** The one client, again and again: nothing takes it back. */
function borrowed(client: Client): ClientLike {
  return Object.assign(client, { release: () => undefined }) as unknown as ClientLike;
}

/** From beside: the connection itself is busy with the statement. */
async function cancel(url: string, client: Client): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  const other = await connect(url);
  await other.query('select pg_cancel_backend($1)', [processID]).finally(() => other.end());
}

const INSUFFICIENT_PRIVILEGE = '42501';

function refused(error: unknown): unknown {
  if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) return error;
  const message = 'Maintenance is done as packhouse_owner, and this role may not become it. Use the one that migrates.';
  return new PackhouseError('forbidden', message, { cause: error });
}
