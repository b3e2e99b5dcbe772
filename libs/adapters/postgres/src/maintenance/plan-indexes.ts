import type { LargeSpace, VectorIndex } from './vector-indexes.js';

export interface IndexPlan {
  readonly drop: readonly VectorIndex[];
  readonly build: readonly LargeSpace[];
}

/**
 * What is to be done for every space of `threshold` vectors to have its index, and no other. One that shrinks keeps its
 * index down to half of that, so that a tenant about the threshold is not indexed again and again.
 *
 * @param spaces those of half the threshold or more
 */
export function planIndexes(
  spaces: readonly LargeSpace[],
  indexes: readonly VectorIndex[],
  threshold: number,
): IndexPlan {
  const large = new Set(spaces.filter(({ vectors }) => vectors >= threshold / 2).map(({ index }) => index));
  const stays = ({ index, valid }: VectorIndex) => valid && large.has(index);
  const standing = new Set(indexes.filter(stays).map(({ index }) => index));
  return {
    drop: indexes.filter((index) => !stays(index)),
    build: spaces.filter(({ index, vectors }) => vectors >= threshold && !standing.has(index)),
  };
}
