import type { TenantId } from '@packhouse/core';
import type { Db, Queryable } from '../db/db.js';
import { APP_ROLE } from '../db/roles.js';
import type { Operation } from './operations.js';
import { rolledBack } from './rolled-back.js';
import { target, type Name } from './two-tenants.js';

export interface Attempt {
  readonly run: Operation;
  /** What the call is about. */
  readonly name: Name;
  /** As whom the application calls. */
  readonly caller: TenantId;
  /** Whom the database knows it as; null for nobody. Another than the caller where the application is mistaken. */
  readonly session: TenantId | null;
  /** Rewrites each statement before it is run. */
  readonly rewrite?: (sql: string) => string;
}

export interface Outcome {
  /** What the caller learnt, the names of what it asked about and of what it made left out. */
  readonly learnt: string;
  /** The error's code, where the call failed with one. */
  readonly failed: string | undefined;
  /** A digest of every row of every tenant, by `tenant table`; undefined where the call failed and nothing was changed. */
  readonly rows: ReadonlyMap<string, string> | undefined;
}

/** A loop that waits for rows of its own may never end where it sees another's. */
const MOST_STATEMENTS = 100;

/** Makes one call as the application's role, in a transaction that is rolled back. */
export function attempt(admin: Db, { run, name, caller, session, rewrite = (sql) => sql }: Attempt): Promise<Outcome> {
  return rolledBack(admin, async (raw) => {
    await raw.query(`set local role ${APP_ROLE}`);
    await raw.query(`select set_config('app.tenant', $1, true)`, [session ?? '']);
    let statements = 0;
    const query: Queryable['query'] = async (sql, params, signal) => {
      if (++statements > MOST_STATEMENTS) throw new Error('The call does not end.');
      return raw.query(rewrite(sql), params, signal);
    };
    const tx = { tenant: caller, query };
    const db: Db = { query, tx: (work) => work({ query }) };
    try {
      const learnt = shown(await settled(run({ tx, db, target: target(name) })));
      await raw.query('set local role none');
      return { learnt, failed: undefined, rows: await digestsAgain(raw) };
    } catch (error) {
      return { learnt: shown(described(error)), failed: described(error).code, rows: undefined };
    }
  });
}

async function settled(result: ReturnType<Operation>): Promise<unknown> {
  if (!(Symbol.asyncIterator in result)) return result;
  const pieces = await Array.fromAsync(result as AsyncIterable<Uint8Array>);
  return Buffer.concat(pieces).toString();
}

const described = (error: unknown) => ({
  code: (error as { code?: string }).code ?? 'no code',
  message: String(error),
});

/** Ids that a call makes, and the time. */
const MADE = /\b(file-|vs_|vsfb_|ing_)[0-9a-z]{24}\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

function shown(value: unknown): string {
  const plain = (_: string, item: unknown) =>
    item instanceof Map || item instanceof Set ? [...(item as Iterable<unknown>)] : item;
  return `${JSON.stringify(value, plain)}`.replace(MADE, '<made>').replace(/victim|shared|vacant/g, '<name>');
}

/** A digest of all rows of each tenant in each table that has a tenant_id, and in the queue. */
export async function digests(admin: Queryable): Promise<ReadonlyMap<string, string>> {
  return byTable(await admin.query<Digest>(await digestsSql(admin)));
}

/** The same, prepared: of a hundred partitions it takes longer to plan than to run, and a session asks a thousand times. */
async function digestsAgain(session: Queryable): Promise<ReadonlyMap<string, string>> {
  const [known] = await session.query(`select from pg_prepared_statements where name = 'digests'`);
  if (!known) await session.query(`prepare digests as ${await digestsSql(session)}`);
  return byTable(await session.query<Digest>('execute digests'));
}

interface Digest {
  of: string;
  digest: string;
}

const byTable = (rows: readonly Digest[]) => new Map(rows.map(({ of, digest }) => [of, digest]));

async function digestsSql(admin: Queryable): Promise<string> {
  const tables = await admin.query<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c
      join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped
    where c.relnamespace = 'packhouse'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`);
  const each = tables.map(
    ({ name }) => `
      select tenant_id || ' ${name}' as of, md5(string_agg(row_to_json(t)::text, '' order by row_to_json(t)::text)) as digest
      from ${name} t group by tenant_id`,
  );
  return `${each.join(' union all ')} order by 1`;
}

/** The digests of one tenant's rows. */
export function rowsOf(tenant: TenantId, rows: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...rows].filter(([of]) => of.startsWith(`${tenant} `)));
}
