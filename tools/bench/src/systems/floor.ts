import pg from 'pg';
import { HYBRID_WEIGHTS } from '@packhouse/core';
import type { BenchDocument } from '../corpus/corpus.js';
import { arrayBytes, sparsevecBytes, vectorBytes } from './binary.js';
import { FLOOR_SCHEMA } from './floor-schema.js';
import { COUNT, DELETE, DENSE, HYBRID, INSERT } from './floor-sql.js';
import { TERM_SPACE, termsOf, weightsOf, type Terms } from './floor-terms.js';
import { CALLERS, type SystemKind } from './system.js';

/**
 * A bare client of `pg` that does what must be done and nothing else: prepared statements, binary vectors, one
 * transaction a write, one statement a search. Nothing keeps its tenants apart but its own predicates.
 */
export const floor: SystemKind = {
  name: 'floor',
  async open(url) {
    const pool = new pg.Pool({ connectionString: url, max: CALLERS });
    await pool.query(FLOOR_SCHEMA);
    const search = async (statement: { name: string; text: string }, values: unknown[]) =>
      (await pool.query<{ chunk_id: string }>({ ...statement, values })).rows.map((row) => row.chunk_id);
    return {
      name: 'floor',
      ingest: (document) => transaction(pool, (client) => insert(client, document)),
      replace: (document) =>
        transaction(pool, async (client) => {
          await remove(client, document);
          await insert(client, document);
        }),
      dense: (tenant, vector, limit) => search(DENSE, [tenant, vectorBytes(vector), limit]),
      hybrid(tenant, text, vector, limit) {
        const { counts } = termsOf(text);
        const { lexical, dense } = HYBRID_WEIGHTS;
        const asked = [[...counts.keys()], [...counts.values()]];
        return search(HYBRID, [tenant, vectorBytes(vector), limit, ...asked, lexical, dense]);
      },
      close: () => pool.end(),
    };
  },
};

async function transaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function insert(client: pg.PoolClient, { tenant, id, chunks }: BenchDocument): Promise<void> {
  const terms = chunks.map(({ text }) => termsOf(text));
  const length = terms.reduce((sum, each) => sum + each.length, 0);
  const counted = await client.query<{ mean: number }>({ ...COUNT, values: [tenant, chunks.length, length] });
  const mean = counted.rows[0]?.mean ?? 1;
  const frequencies = [...frequenciesOf(terms)].sort(([a], [b]) => a - b);
  const values = [
    tenant,
    id,
    chunks.map((chunk) => chunk.id),
    chunks.map((_, ordinal) => ordinal),
    chunks.map(({ text }) => text),
    arrayBytes(chunks.map(({ vector }) => vectorBytes(vector))),
    terms.map((each) => each.length),
    arrayBytes(terms.map((each) => sparsevecBytes(weightsOf(each, mean), TERM_SPACE))),
    frequencies.map(([term]) => term),
    frequencies.map(([, count]) => count),
  ];
  await client.query({ ...INSERT, values });
}

async function remove(client: pg.PoolClient, { tenant, id }: BenchDocument): Promise<void> {
  await client.query({ ...COUNT, values: [tenant, 0, 0] });
  const gone = await client.query<{ chunks: number; terms: number }>({ ...DELETE, values: [tenant, id] });
  const { chunks, terms } = gone.rows[0] as { chunks: number; terms: number };
  await client.query({ ...COUNT, values: [tenant, -chunks, -terms] });
}

function frequenciesOf(terms: readonly Terms[]): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (const { counts } of terms) {
    for (const term of counts.keys()) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  }
  return frequencies;
}
