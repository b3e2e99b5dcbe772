import type { TenantTx } from '../db/db.js';
import { analyses, weighingLength, type Analysis } from './analyses.js';
import { reweigh } from './reweigh.js';
import type { AnalysisChange, TermChanges } from './term-changes.js';
import { writeStatistics } from './write-statistics.js';

const NOTHING: Analysis = { chunks: 0, terms: 0, weightedLength: 0 };

/**
 * Counts a write in, and reweighs what is stored where the mean length has moved too far. Between the deletion of old
 * chunks and the insertion of new ones: those are weighed with the lengths that this returns, by analyzer. The caller
 * holds the corpus' lock.
 */
export async function updateCorpus(
  tx: TenantTx,
  { byAnalyzer, byTerm }: TermChanges,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const before = byAnalyzer.size === 0 ? new Map<string, Analysis>() : await analyses(tx, signal);
  const after = new Map<string, Analysis>();
  for (const [analyzer, change] of byAnalyzer) {
    const old = before.get(analyzer) ?? NOTHING;
    const now = counted(old, change);
    if (old.chunks > 0 && now.weightedLength !== old.weightedLength)
      await reweigh(tx, analyzer, old.weightedLength, now.weightedLength, signal);
    after.set(analyzer, now);
  }
  const chunks = [...byAnalyzer.values()].reduce((sum, change) => sum + change.chunks, 0);
  await writeStatistics(tx, { chunks, analyses: after, byTerm }, signal);
  return new Map(Array.from(after, ([analyzer, { weightedLength }]) => [analyzer, weightedLength]));
}

function counted({ chunks, terms, weightedLength }: Analysis, change: AnalysisChange): Analysis {
  const now = { chunks: chunks + change.chunks, terms: terms + change.length, weightedLength };
  return { ...now, weightedLength: weighingLength(now) };
}
