/** Numbers from 0 to below 1 that are the same for the same seeds: mulberry32. */
export function random(...seeds: readonly number[]): () => number {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to below `bound`. */
export function below(bound: number, next: () => number): number {
  return Math.floor(next() * bound);
}

/** A rank from 0 to below `bound`, each as often as the reciprocal of its number from 1. */
export function zipf(bound: number, next: () => number): number {
  return Math.min(bound - 1, Math.floor((bound + 1) ** next()) - 1);
}

/** In an order of chance: Fisher and Yates. */
export function shuffled<T>(items: readonly T[], next: () => number): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = below(last + 1, next);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
