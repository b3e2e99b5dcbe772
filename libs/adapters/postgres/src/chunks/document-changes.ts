import { PackhouseError, type DocumentRef } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import type { StorableChunk } from './storable-chunk.js';

/** What replaces a document, sorted by what there is to do. */
export interface DocumentChanges {
  readonly added: readonly StorableChunk[];
  readonly kept: readonly StorableChunk[];
  /** Ids. A chunk whose text changed under its id is here and in `added`. */
  readonly removed: readonly string[];
}

interface Stored {
  chunk_id: string;
  digest: string;
  embedded: boolean;
}

/**
 * Compares a document's chunks with those stored.
 *
 * @throws PackhouseError `invalid_request` for a chunk that has no vector, neither with it nor in the store
 */
export async function documentChanges(
  tx: TenantTx,
  document: DocumentRef,
  chunks: readonly StorableChunk[],
  signal?: AbortSignal,
): Promise<DocumentChanges> {
  const stored = await tx.query<Stored>(STORED, [tx.tenant, document.collection, document.documentId], signal);
  const before = new Map(stored.map((row) => [row.chunk_id, row]));
  const stays = ({ id, digest }: StorableChunk) => before.get(id)?.digest === digest;
  const kept = chunks.filter(stays);
  const added = chunks.filter((chunk) => !stays(chunk));
  const bare = [...added, ...kept.filter(({ id }) => !before.get(id)?.embedded)].find(({ embedding }) => !embedding);
  if (bare) {
    throw new PackhouseError('invalid_request', `The chunk ${bare.id} has no vector, and none is stored.`, {
      param: 'chunks',
    });
  }
  for (const { id } of kept) before.delete(id);
  return { added, kept, removed: [...before.keys()] };
}

const STORED = `
  select chunk_id, digest, exists (
    select from packhouse.embedding_models m
      join packhouse.chunk_vectors v on v.tenant_id = m.tenant_id and v.generation = m.generation
    where m.tenant_id = $1 and v.tenant_id = $1 and v.chunk_id = c.chunk_id
  ) as embedded
  from packhouse.chunks c
  where tenant_id = $1 and collection = $2 and document_id = $3`;
