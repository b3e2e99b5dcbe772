import type { Chunk } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { CHUNK_COLUMNS, chunkOf, toChunk, type ChunkRow } from './chunk-row.js';
import { storableIds } from './storable-ids.js';

/** Those of the chunks that exist, in the order asked. */
export async function byIds(tx: TenantTx, ids: readonly string[], signal?: AbortSignal): Promise<Chunk[]> {
  const rows = await tx.query<ChunkRow>(
    `select ${CHUNK_COLUMNS}
     from unnest($2::text[]) with ordinality as asked(chunk_id, place)
       ${chunkOf('asked')}
     order by asked.place`,
    [tx.tenant, storableIds(ids)],
    signal,
  );
  return rows.map(toChunk);
}
