// The least that a search over HTTP is: Fastify, a token, the question's vector, the floor's one statement.
import fastify from 'fastify';
import pg from 'pg';
import { HYBRID_WEIGHTS } from '@packhouse/core';
import { hashed } from '@packhouse/embedding/hashed';
import { vectorBytes } from '../systems/binary.js';
import { DENSE, HYBRID } from '../systems/floor-sql.js';
import { termsOf } from '../systems/floor-terms.js';
import { tenantOf } from './tenant-token.js';

interface Search {
  readonly query: string;
  readonly limit: number;
  readonly words: boolean;
}

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'] });
const embedder = hashed();
const app = fastify();

app.post<{ Body: Search }>('/search', async ({ headers, body }) => {
  const tenant = tenantOf(headers.authorization);
  const [vector] = await embedder.embed([body.query], 'query');
  const values = [tenant, vectorBytes(vector!), body.limit];
  const { rows } = await pool.query(
    body.words ? { ...HYBRID, values: [...values, ...wordsOf(body.query)] } : { ...DENSE, values },
  );
  return { data: rows };
});

function wordsOf(query: string) {
  const { counts } = termsOf(query);
  return [[...counts.keys()], [...counts.values()], HYBRID_WEIGHTS.lexical, HYBRID_WEIGHTS.dense];
}

const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.once('SIGTERM', () => process.exit());
process.stdout.write(`ready at ${url}\n`);
