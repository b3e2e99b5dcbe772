import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenantId } from '@packhouse/core';
import { openPostgres } from '@packhouse/postgres';
import { APP_PASSWORD, copyDatabase, prepareFolder } from '@packhouse/postgres/testing';
import { OpenAI } from 'openai';
import { readSettings, type Environment } from '../settings/settings.js';
import { startServer, type RunningServer } from '../start.js';
import { signToken, type Role } from '../tokens.js';
import { checkFetches } from './documented.js';

/** Where tests on PostgreSQL make their databases; they are skipped without it. */
export const SERVER = process.env['TEST_DATABASE_URL'];
export const SECRET = 'for tests alone, and more than 32 bytes long';
export const AUDIENCE = 'tests';

/** Settings of a server with a database of its own. */
export interface TestBed {
  readonly env: Environment;
  drop(): Promise<void>;
}

export interface TestBedKind {
  readonly name: string;
  make(): Promise<TestBed>;
}

/** What the API is tested on: PGlite always, and PostgreSQL where TEST_DATABASE_URL names a server. */
export function testBeds(): TestBedKind[] {
  const pglite = { name: 'PGlite', make: async () => ({ env: await prepared(), drop: async () => undefined }) };
  if (SERVER) return [pglite, { name: 'PostgreSQL', make: () => onPostgres(SERVER) }];
  describe('PostgreSQL', () => it.skip('TEST_DATABASE_URL is not set', () => undefined));
  return [pglite];
}

/** Settings with a fresh database on a server. */
export async function onPostgres(server: string): Promise<TestBed> {
  const name = `packhouse_api_${randomUUID().replaceAll('-', '')}`;
  await copyDatabase(server, name);
  const DATABASE_URL = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const drop = async () => {
    const { db, close } = await openPostgres({ url: server, max: 1 });
    await db.query(`drop database ${name} with (force)`).finally(close);
  };
  const env = environment();
  // The role is the whole server's, and other spec files use it at the same time: a password made up here would lock them out.
  writeFileSync(join(env.PACKHOUSE_DATA, 'database-password'), APP_PASSWORD);
  return { env: { ...env, DATABASE_URL }, drop };
}

/** Settings that every test server needs, with a data folder of its own. */
export function environment() {
  const PACKHOUSE_DATA = mkdtempSync(join(tmpdir(), 'packhouse-test-'));
  return { PORT: '0', PACKHOUSE_DATA, JWT_SECRET: SECRET, JWT_AUDIENCE: AUDIENCE };
}

/** The same, with a database of PGlite's in the folder, so that a server need not make one. */
export async function prepared() {
  const env = environment();
  await prepareFolder(env.PACKHOUSE_DATA);
  return env;
}

/** A server whose every response to this test file is compared with its OpenAPI document. */
export async function startOn({ env }: TestBed): Promise<RunningServer> {
  const server = await startServer(readSettings(env));
  const unchecked = await checkFetches(server.url);
  return { ...server, close: () => server.close().finally(unchecked) };
}

export const tokenFor = (tenant: string, role: Role = 'writer') =>
  signToken(readSettings({ JWT_SECRET: SECRET, JWT_AUDIENCE: AUDIENCE }), {
    tenant: tenantId(tenant),
    role,
    expiresIn: 600,
  });

/** The vendor's own client, as it is. */
export const clientOf = ({ url }: Pick<RunningServer, 'url'>, tenant: string, role?: Role) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: tokenFor(tenant, role), maxRetries: 0 });
