/** What a sparsevec holds: its non-zero places. pgvector (npm) reads one as this, counting places from 0. */
export interface SparseVector {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}
