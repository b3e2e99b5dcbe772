import type { NewChunk, NewDocument, Replacement } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import { analyzerFor } from './analysis/analyzers.js';
import { countTerms } from './analysis/count-terms.js';
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
  const analyzer = analyzerFor(document.language);
  const storable = storableChunks(document, chunks);
  await lockCorpus(tx, signal);
  const { added, kept, removed } = await documentChanges(tx, document, storable, signal);
  const generations = await embeddingGenerations(tx, storable, signal);
  const keptIds = kept.map(({ id }) => id);
  const gone = await deleteChunks(tx, removed, signal);
  const outdated = await deleteOtherTerms(tx, keptIds, analyzer.name, signal);
  await updateKept(tx, kept, signal);
  await insertChunks(tx, added, signal);
  const unanalysed = [...added, ...kept.filter(({ id }) => outdated.has(id))];
  const analysed = unanalysed.map((chunk) => ({ ...chunk, terms: countTerms(analyzer, chunk.text) }));
  await storeTerms(tx, analysed, [...gone, ...outdated.values()], signal);
  await putVectors(tx, storable, generations, signal);
  return { added: added.length, kept: kept.length, removed: gone.length };
}
