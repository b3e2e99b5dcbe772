/** What a write does to the statistics: how many chunks more or fewer have each term, and how long they are. */
export interface TermChanges {
  readonly chunks: number;
  readonly length: number;
  readonly byTerm: ReadonlyMap<number, number>;
}

/** The terms of one chunk, each once. */
export interface ChunkTerms {
  readonly length: number;
  readonly terms: Iterable<number>;
}

export function termChanges(added: readonly ChunkTerms[], removed: readonly ChunkTerms[]): TermChanges {
  const byTerm = new Map<number, number>();
  let length = 0;
  const count = (chunks: readonly ChunkTerms[], sign: 1 | -1) => {
    for (const chunk of chunks) {
      length += sign * chunk.length;
      for (const term of chunk.terms) byTerm.set(term, (byTerm.get(term) ?? 0) + sign);
    }
  };
  count(added, 1);
  count(removed, -1);
  return { chunks: added.length - removed.length, length, byTerm };
}
