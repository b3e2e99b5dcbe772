import type { Annotation } from './api/objects.js';

/** The markers right after a claim: ` [1][3, 4]`. */
const MARKERS = /^[\s)*_"'.,;:!?]*((?:\[[\d,\s]+\]\s?)+)/;

/**
 * A number for each citation: that of its marker in the answer, where a model marked its claims so; else they are
 * counted, for answers that quote and have no markers.
 */
export function citationNumbers(answer: string, annotations: readonly Annotation[]): number[] {
  const marked = annotations.map(({ file_citation: { end_index } }, index) => {
    const before = annotations.slice(0, index).filter((other) => other.file_citation.end_index === end_index).length;
    return markersAt(answer, end_index)[before];
  });
  return marked.every((number) => number !== undefined) ? marked : annotations.map((_, index) => index + 1);
}

function markersAt(answer: string, end: number): number[] {
  const [, markers = ''] = MARKERS.exec([...answer].slice(end).join('')) ?? [];
  return [...markers.matchAll(/\d+/g)].map(Number);
}
