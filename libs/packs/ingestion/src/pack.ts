import type { Span } from '@packhouse/core';
import type { Unit } from './units.js';

export interface PackOptions {
  readonly maxTokens: number;
  readonly overlapTokens: number;
  /** The last word on size: tokens that were counted apart may be more, or fewer, together. */
  readonly fits: (span: Span) => boolean;
}

/**
 * Packs units into as few stretches as hold `maxTokens` each. Every stretch begins with the last units of the one
 * before, up to `overlapTokens`, and goes on with at least one more.
 */
export function* pack(units: readonly Unit[], { maxTokens, overlapTokens, fits }: PackOptions): Generator<Span> {
  const spanOf = (first: number, end: number): Span => ({
    start: (units[first] as Unit).start,
    end: (units[end - 1] as Unit).end,
  });
  for (let next = 0; next < units.length;) {
    let first = goBack(units, next, Math.min(overlapTokens, maxTokens - (units[next] as Unit).tokens));
    let end = goForth(units, first, maxTokens);
    while (end - first > 1 && !fits(spanOf(first, end))) {
      if (end - next > 1) end--;
      else first++;
    }
    yield spanOf(first, end);
    next = end;
  }
}

/** The first of the units before `end` that fit into `room` together. */
function goBack(units: readonly Unit[], end: number, room: number): number {
  let first = end;
  for (let left = room; first > 0; first--) {
    left -= (units[first - 1] as Unit).tokens;
    if (left < 0) break;
  }
  return first;
}

/** The first of the units from `first` that does not fit into `room` any more; always after `first`. */
function goForth(units: readonly Unit[], first: number, room: number): number {
  let end = first;
  for (let left = room; end < units.length; end++) {
    left -= (units[end] as Unit).tokens;
    if (left < 0 && end > first) break;
  }
  return end;
}
