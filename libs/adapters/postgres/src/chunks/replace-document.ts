import type { DocumentRef, NewChunk, Replacement } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { countTerms } from './analysis/count-terms.js';
import { english } from './analysis/english.js';
import { deleteChunks } from './delete-chunks.js';
import { documentChanges } from './document-changes.js';
import { embeddingGenerations } from './embedding-generations.js';
import { insertChunks } from './insert-chunks.js';
import { lockCorpus } from './lock-corpus.js';
import { putVectors } from './put-vectors.js';
import { storableChunks } from './storable-chunk.js';
import { termChanges } from './term-changes.js';
import { updateCorpus } from './update-corpus.js';
import { updateKept } from './update-kept.js';

/** Makes `chunks` all there is of a document, within the caller's transaction. */
export async function replaceDocument(
  tx: TenantTx,
  document: DocumentRef,
  chunks: readonly NewChunk[],
  signal?: AbortSignal,
): Promise<Replacement> {
  const storable = storableChunks(document, chunks);
  const corpus = await lockCorpus(tx, signal);
  const changes = await documentChanges(tx, document, storable, signal);
  const generations = await embeddingGenerations(tx, storable, signal);
  const added = changes.added.map((chunk) => ({ ...chunk, terms: countTerms(english, chunk.text) }));
  const removed = await deleteChunks(tx, changes.removed, signal);
  const difference = termChanges(
    added.map(({ terms }) => ({ length: terms.length, terms: terms.counts.keys() })),
    removed,
  );
  const now = await updateCorpus(tx, corpus, difference, signal);
  await updateKept(tx, changes.kept, signal);
  await insertChunks(tx, added, now.weightedLength, signal);
  await putVectors(tx, storable, generations, signal);
  return { added: added.length, kept: changes.kept.length, removed: removed.length };
}
