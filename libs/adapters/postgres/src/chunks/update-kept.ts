import type { TenantTx } from '../db/db.js';
import { describedColumns } from './described-columns.js';
import type { StorableChunk } from './storable-chunk.js';

/** Moves chunks whose text stayed to where they now stand; those that did not move are not written. */
export async function updateKept(tx: TenantTx, kept: readonly StorableChunk[], signal?: AbortSignal): Promise<void> {
  if (kept.length > 0) await tx.query(UPDATE, [tx.tenant, ...describedColumns(kept)], signal);
}

const UPDATE = `
  update packhouse.chunks c
  set ordinal = n.ordinal, span_start = n.span_start, span_end = n.span_end, pages = n.pages, source = n.source,
    attributes = n.attributes
  from (
    select chunk_id, ordinal, span_start, span_end, pages::jsonb, source, attributes::jsonb
    from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[])
      as kept(chunk_id, ordinal, span_start, span_end, pages, source, attributes)
  ) n
  where c.tenant_id = $1 and c.chunk_id = n.chunk_id
    and (c.ordinal, c.span_start, c.span_end, c.pages, c.source, c.attributes)
      is distinct from (n.ordinal, n.span_start, n.span_end, n.pages, n.source, n.attributes)`;
