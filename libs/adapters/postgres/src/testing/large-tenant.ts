import { asTenant, type Db, type TenantTx } from '../db/db.js';
import type { TenantId } from '@packhouse/core';

/** Vectors about centres, as embeddings of texts about topics are. */
export interface LargeTenant {
  readonly tenant: TenantId;
  readonly chunks: number;
  readonly dimensions: number;
}

export const MODEL = 'm';
const CENTRES = 250;
/** Of a chunk from its centre, in each dimension: on either side. */
const NOISE = 0.8;

/** Writes them by one statement each: the store's own way would take minutes. Every chunk's collection is one of 1,000. */
export async function fillTenant(admin: Db, { tenant, chunks, dimensions }: LargeTenant): Promise<void> {
  await asTenant(admin, tenant, async (tx) => {
    for (const sql of FILL) await tx.query(sql, paramsOf(sql, [tenant, chunks, dimensions, MODEL]));
  });
}

/** Only as many as the statement names: PostgreSQL takes no parameter that it cannot type. */
function paramsOf(sql: string, params: unknown[]): unknown[] {
  return params.slice(0, Math.max(...[...sql.matchAll(/\$(\d)/g)].map(([, number]) => Number(number))));
}

const FILL = [
  'insert into packhouse.tenants (tenant_id) values ($1)',
  'insert into packhouse.corpus (tenant_id, chunks, last_generation) values ($1, $2::int, 1)',
  `insert into packhouse.embedding_models (tenant_id, generation, model, dimensions, state)
   select $1, 1, $4, $3::int, 'active' where $2::int is not null`,
  `insert into packhouse.chunks (tenant_id, chunk_id, collection, document_id, ordinal, body, digest, span_start, span_end,
     pages, source, attributes)
   select $1, 'c' || i, 'k' || i % 1000, 'd' || i, 0, 'text', 'd', 0, 4, '[]', 's', jsonb_build_object('part', i % 100)
   from generate_series(1, $2::int) i`,
  `with centres as (
     select centre, array(select random() * 2 - 1 from generate_series(1, $3::int) where centre is not null) as place
     from generate_series(0, ${CENTRES - 1}) centre
   )
   insert into packhouse.chunk_vectors (tenant_id, generation, chunk_id, collection, embedding)
   select $1, 1, 'c' || i, 'k' || i % 1000,
     array(select x + (random() - 0.5) * ${2 * NOISE} from unnest(place) x where i is not null)::real[]::vector::halfvec
   from generate_series(1, $2::int) i join centres on centre = i % ${CENTRES}`,
];

/** A question about what the tenant has, or about anything. */
export async function someQuestion(tx: TenantTx, dimensions: number, onTopic: boolean): Promise<Float32Array> {
  if (!onTopic) return new Float32Array(dimensions).map(() => Math.random() * 2 - 1);
  const [row] = await tx.query<{ place: number[] }>(
    `select embedding::vector::real[] as place from packhouse.chunk_vectors
     where tenant_id = $1 order by random() limit 1`,
    [tx.tenant],
  );
  return Float32Array.from((row as { place: number[] }).place, (x) => x + (Math.random() - 0.5) * 2 * NOISE);
}
