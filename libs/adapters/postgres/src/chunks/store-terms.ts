import type { TenantTx } from '../db/db.js';
import type { AnalysedChunk } from './insert-terms.js';
import { insertTerms } from './insert-terms.js';
import { termChanges, type ChunkTerms } from './term-changes.js';
import { updateCorpus } from './update-corpus.js';

/**
 * Stores the terms of chunks that have none yet, with all that this and the loss of the terms of `removed` does to the
 * statistics. The caller holds the corpus' lock and has deleted what is removed.
 */
export async function storeTerms(
  tx: TenantTx,
  added: readonly AnalysedChunk[],
  removed: readonly ChunkTerms[],
  signal?: AbortSignal,
): Promise<void> {
  const asTerms = added.map(({ terms }) => ({ ...terms, terms: terms.counts.keys() }));
  const meanLengths = await updateCorpus(tx, termChanges(asTerms, removed), signal);
  await insertTerms(tx, added, meanLengths, signal);
}
