/** What a write does to one analyzer's statistics: how many chunks and how much length more or fewer. */
export interface AnalysisChange {
  readonly chunks: number;
  readonly length: number;
}

/** What a write does to the statistics. */
export interface TermChanges {
  readonly byAnalyzer: ReadonlyMap<string, AnalysisChange>;
  /** How many chunks more or fewer have each term. */
  readonly byTerm: ReadonlyMap<number, number>;
}

/** The terms of one chunk, each once. */
export interface ChunkTerms {
  readonly analyzer: string;
  readonly length: number;
  readonly terms: Iterable<number>;
}

export function termChanges(added: readonly ChunkTerms[], removed: readonly ChunkTerms[]): TermChanges {
  const byAnalyzer = new Map<string, AnalysisChange>();
  const byTerm = new Map<number, number>();
  const count = (chunks: readonly ChunkTerms[], sign: 1 | -1) => {
    for (const { analyzer, length, terms } of chunks) {
      const before = byAnalyzer.get(analyzer) ?? { chunks: 0, length: 0 };
      byAnalyzer.set(analyzer, { chunks: before.chunks + sign, length: before.length + sign * length });
      for (const term of terms) byTerm.set(term, (byTerm.get(term) ?? 0) + sign);
    }
  };
  count(added, 1);
  count(removed, -1);
  return { byAnalyzer, byTerm };
}
