/** From and until, in milliseconds. */
export type Span = readonly [number, number];

/** How long of a span at least one of the others lasts. */
export function waitedMs(waits: readonly Span[], [from, until]: Span): number {
  let waited = 0;
  let counted = from;
  for (const [begin, end] of waits.toSorted(([a], [b]) => a - b)) {
    const upTo = Math.min(end, until);
    waited += Math.max(0, upTo - Math.max(begin, counted));
    counted = Math.max(counted, upTo);
  }
  return waited;
}
