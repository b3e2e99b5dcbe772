import type { NewChunk, NewDocument, Replacement } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { analyse } from './analyse.js';
import { loadAnalyzers } from './analysis/load-analyzers.js';
import { deleteChunks, deleteOtherTerms } from './delete-chunks.js';
import { documentChanges } from './document-changes.js';
import { embeddingGenerations } from './embedding-generations.js';
import { insertChunks } from './insert-chunks.js';
import { lockCorpus } from './lock-corpus.js';
import { putVectors } from './put-vectors.js';
import { storableChunks } from './storable-chunk.js';
import { storeTerms } from './store-terms.js';
import { updateKept } from './update-kept.js';

/**
 * Makes `chunks` all there is of a document, within the caller's transaction. Chunks that stay are analysed again where
 * the document's language, or the rules for it, have changed.
 */
export async function replaceDocument(
  tx: TenantTx,
  document: NewDocument,
  chunks: readonly NewChunk[],
  signal?: AbortSignal,
): Promise<Replacement> {
  const { analyzerFor } = await loadAnalyzers();
  const analyzer = analyzerFor(document.language);
  const storable = storableChunks(document, chunks);
  await lockCorpus(tx, signal);
  const { added, kept, removed } = await documentChanges(tx, document, storable, signal);
  const generations = await embeddingGenerations(tx, storable, signal);
  const keptIds = kept.map(({ id }) => id);
  const gone = await deleteChunks(tx, removed, signal);
  const outdated = await deleteOtherTerms(tx, keptIds, analyzer.name, signal);
  await updateKept(tx, kept, signal);
  const written = insertChunks(tx, added, signal).then(() => putVectors(tx, storable, generations, signal));
  // While the database is at that.
  const counted = analyse(analyzer, [...added, ...kept.filter(({ id }) => outdated.has(id))], signal);
  // Whichever fails: a statement that comes after the transaction's end would be in the next one on its connection.
  await Promise.allSettled([written, counted]);
  await written;
  await storeTerms(tx, await counted, [...gone, ...outdated.values()], signal);
  return { added: added.length, kept: kept.length, removed: gone.length };
}
