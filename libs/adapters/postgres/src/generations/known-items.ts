import { sentences } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';

/** A sentence, and the chunk that it was drawn from. */
export interface KnownItem {
  readonly chunkId: string;
  readonly sentence: string;
}

const ITEMS = 100;

/** Sentences of up to 100 of a tenant's chunks: by their digests, so a draw that is fair and comes out the same again. */
export async function knownItems(tx: TenantTx, signal?: AbortSignal): Promise<KnownItem[]> {
  const rows = await tx.query<{ chunk_id: string; body: string }>(
    'select chunk_id, body from packhouse.chunks where tenant_id = $1 order by digest limit $2',
    [tx.tenant, ITEMS],
    signal,
  );
  return rows.flatMap(({ chunk_id: chunkId, body }) => {
    const sentence = longestSentence(body);
    return sentence ? [{ chunkId, sentence }] : [];
  });
}

/** A short one may stand in many chunks. */
function longestSentence(body: string): string {
  return sentences(body).reduce((longest, { text }) => (text.length > longest.length ? text : longest), '');
}
