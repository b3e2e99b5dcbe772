import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '@packhouse/core';
import type { Analyzer } from './analysis/analyzer.js';
import { countTerms } from './analysis/count-terms.js';
import type { AnalysedChunk } from './insert-terms.js';

/** Chunks counted at a stretch: a few milliseconds, in which nobody else in the process is served. */
const STRETCH = 25;

/** Counts the terms of chunks, and lets others have their turn meanwhile. */
export async function analyse(
  analyzer: Analyzer,
  chunks: readonly (Omit<AnalysedChunk, 'terms'> & { readonly text: string })[],
  signal?: AbortSignal,
): Promise<AnalysedChunk[]> {
  const analysed: AnalysedChunk[] = [];
  for (const { id, collection, text } of chunks) {
    if (analysed.length % STRETCH === STRETCH - 1) await setImmediate();
    throwIfAborted(signal);
    analysed.push({ id, collection, terms: countTerms(analyzer, text) });
  }
  return analysed;
}
