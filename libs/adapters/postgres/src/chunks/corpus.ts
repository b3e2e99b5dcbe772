/** What BM25 needs to know of all of a tenant's chunks together. */
export interface Corpus {
  readonly chunks: number;
  /** The sum of their lengths, in terms. */
  readonly terms: number;
  /** The mean length that every stored weight was computed with. */
  readonly weightedLength: number;
}

/** How far the mean length may move before the stored weights follow it. */
export const TOLERANCE = 0.1;

/** The mean length to weigh with, given the true counts: the old one while it is near enough. */
export function weighingLength({ chunks, terms, weightedLength }: Corpus): number {
  // A tenant of empty chunks has no terms to weigh; any length but zero will do.
  const mean = Math.max(terms / Math.max(chunks, 1), 1);
  const near = Math.abs(mean / weightedLength - 1) <= TOLERANCE;
  return near ? weightedLength : mean;
}
