import type { TenantTx } from '../db/db.js';
import { weighingLength, type Corpus } from './corpus.js';
import { reweigh } from './reweigh.js';
import type { TermChanges } from './term-changes.js';
import { writeStatistics } from './write-statistics.js';

/**
 * Counts a write in, and reweighs what is stored if the mean length has moved too far. Between the deletion of old chunks
 * and the insertion of new ones: those are weighed with the length this returns.
 */
export async function updateCorpus(
  tx: TenantTx,
  corpus: Corpus,
  changes: TermChanges,
  signal?: AbortSignal,
): Promise<Corpus> {
  const counted = { ...corpus, chunks: corpus.chunks + changes.chunks, terms: corpus.terms + changes.length };
  const now = { ...counted, weightedLength: weighingLength(counted) };
  if (now.weightedLength !== corpus.weightedLength)
    await reweigh(tx, corpus.weightedLength, now.weightedLength, signal);
  await writeStatistics(tx, now, changes, signal);
  return now;
}
