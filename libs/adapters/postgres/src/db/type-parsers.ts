import { registerTypes } from 'pgvector/pg';
import type { Queryable } from './db.js';

/** How values of a type (by OID) are read from their text form. */
export type TypeParsers = Readonly<Record<number, (text: string) => unknown>>;

const BYTEA = 17;
const INT8 = 20;

/** int8 as a number: the driver's default is a string, which adds up as one. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`int8 ${text} is beyond what a number holds exactly; cast it to text.`);
}

/** PGlite's own reads the hex a digit at a time: a MiB takes it 65 ms, and this 5. */
function parseBytea(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}

export const PLAIN_PARSERS: TypeParsers = { [BYTEA]: parseBytea, [INT8]: parseInt8 };

/**
 * The parsers this database needs; pgvector's types have OIDs of their own in each. Undefined until the extension is
 * there.
 */
export async function readTypeParsers(db: Queryable): Promise<TypeParsers | undefined> {
  const parsers: Record<number, (text: string) => unknown> = { ...PLAIN_PARSERS };
  const register = {
    query: async (sql: string, params: unknown[]) => ({ rows: await db.query(sql, params) }),
    setTypeParser: (oid: number, _format: 'text', parse: (text: string) => unknown) => void (parsers[oid] = parse),
  };
  const [installed] = await db.query(`select from pg_catalog.pg_type where typname = 'vector'`);
  if (!installed) return undefined;
  await registerTypes(register);
  return parsers;
}
