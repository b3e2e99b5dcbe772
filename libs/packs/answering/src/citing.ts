import { codePointIndex, type Citation, type Span } from '@packhouse/core';
import { citation } from './citation.js';
import { claimAtEnd } from './claim.js';
import type { Passage } from './passages.js';
import { quotables, type Quotable } from './quotable.js';
import { support } from './support.js';

/** `[2]`, `[1, 3]`, with the space before it: that goes where the marker goes. */
const MARKER = /[ \t]?\[\s?(\d{1,3}(?:\s?,\s?\d{1,3})*)\s?\]/g;

/** The end of a text that may become a marker, or the space before one. Bounded: it is what a stream holds back. */
const MAY_BECOME_MARKER = /[ \t]?(?:\[[\d,\s]{0,60})?$/;

/** Takes a model's answer in as it comes and gives it out with only such markers as hold. */
export interface Citing {
  /** Returns what can go out. */
  push(text: string): string;
  /** Returns what was held back. */
  end(): string;
  /** All that went out. */
  readonly text: string;
  /** One for each claim and passage that supports it. */
  readonly citations: Citation[];
}

/**
 * Checks the markers in a model's answer. The claim before a marker must be supported by a sentence of the passage
 * named: then the marker stays and the sentence is cited. Numbers of passages that there are not, or that do not support
 * the claim, are taken out.
 */
export function citing(passages: readonly Passage[]): Citing {
  const sentences = new Map(passages.map(({ number, chunk, text }) => [number, quotables(chunk, text)]));
  const cited: { readonly quote: Quotable; readonly claim: Span }[] = [];
  const isCited = (quote: Quotable) =>
    cited.some((one) => one.claim === claim && one.quote.chunk === quote.chunk && one.quote.start === quote.start);
  let out = '';
  let held = '';
  let sinceMarker = 0;
  let claim: Span | null = null;
  /** The space of a marker that was taken out: the next one, right after it, gets it. */
  let space = '';

  /** A marker right after another is for the same claim. */
  function claimHere(): Span | null {
    const next = claimAtEnd(out.slice(sinceMarker));
    return next ? { start: sinceMarker + next.start, end: sinceMarker + next.end } : claim;
  }

  function supported(number: number): boolean {
    const quote = claim && support(out.slice(claim.start, claim.end), sentences.get(number) ?? []);
    if (claim && quote && !isCited(quote)) cited.push({ quote, claim });
    return quote !== null;
  }

  function write(text: string): string {
    const before = out.length;
    let from = 0;
    for (const { 0: marker, 1: list, index } of text.matchAll(MARKER)) {
      out += text.slice(from, index);
      from = index + marker.length;
      claim = claimHere();
      const numbers = new Set((list as string).split(',').map(Number));
      const holding = [...numbers].filter(supported);
      if (!marker.startsWith('[')) space = ' ';
      else if (out.length > sinceMarker) space = '';
      if (holding.length > 0) {
        out += `${space}[${holding.join(', ')}]`;
        space = '';
      }
      sinceMarker = out.length;
    }
    out += text.slice(from);
    return out.slice(before);
  }

  return {
    push(text) {
      held += text;
      const ready = held.slice(0, held.search(MAY_BECOME_MARKER));
      held = held.slice(ready.length);
      return write(ready);
    },
    end() {
      const rest = write(held);
      held = '';
      return rest;
    },
    get text() {
      return out;
    },
    get citations() {
      const codePoint = codePointIndex(out);
      return cited.map(({ quote, claim: { start, end } }) =>
        citation(quote, { start: codePoint(start), end: codePoint(end) }),
      );
    },
  };
}
