import { sentences, type Span } from '@packhouse/core';
import { hasLongRun, type CountTokens } from './tokens.js';

/** A stretch of a text that is not cut. Here spans are in UTF-16 units, and follow on each other without gaps. */
export interface Unit extends Span {
  readonly tokens: number;
}

/** A text of more characters a token than this is cut uncounted: it is mostly spaces. */
const CHARACTERS_A_TOKEN = 16;

/** In characters: a word with a longer run in it is cut uncounted. */
const LONGEST_WORD = 256;

/** In code points. At 4 tokens each it has 96: within the smallest bound there is. */
const RUN = 24;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * Cuts a text into sentences; a sentence of more than `maxTokens` into words; and what is still longer, or has no end,
 * into runs of code points. Sentences and words have the spaces before them, as tokenizers have it.
 */
export function* units(text: string, maxTokens: number, countTokens: CountTokens): Generator<Unit> {
  const count = ({ start, end }: Span): Unit => ({ start, end, tokens: countTokens(text.slice(start, end)) });
  const fit = (part: Span): Unit | null => {
    if (part.end - part.start > CHARACTERS_A_TOKEN * maxTokens) return null;
    if (hasLongRun(text.slice(part.start, part.end), LONGEST_WORD)) return null;
    const unit = count(part);
    return unit.tokens <= maxTokens ? unit : null;
  };

  for (const sentence of spacesFirst(text)) {
    const whole = fit(sentence);
    if (whole) yield whole;
    else yield* smaller(sentence);
  }

  function* smaller(sentence: Span): Generator<Unit> {
    for (const word of words(text, sentence)) {
      const whole = fit(word);
      if (whole) yield whole;
      else for (const run of runs(text, word)) yield count(run);
    }
  }
}

/** The sentences, each with the spaces before it instead of those after it. */
function* spacesFirst(text: string): Generator<Span> {
  let start = 0;
  for (const sentence of sentences(text)) {
    const length = sentence.text.trimEnd().length;
    if (length === 0) continue;
    const end = sentence.start + length;
    yield { start, end };
    start = end;
  }
}

/** Word by word, with what stands between words: spaces go to the word after, marks to the word before. */
function* words(text: string, sentence: Span): Generator<Span> {
  let start = sentence.start;
  let inWord = false;
  for (const { index, segment, isWordLike } of segmenter.segment(text.slice(sentence.start, sentence.end))) {
    const space = segment.trim() === '';
    if (inWord && (space || isWordLike)) {
      const end = sentence.start + index;
      yield { start, end };
      start = end;
      inWord = false;
    }
    inWord ||= !space;
  }
  yield { start, end: sentence.end };
}

function* runs(text: string, { start, end }: Span): Generator<Span> {
  for (let from = start; from < end;) {
    const to = Math.min(end, afterCodePoints(text, from, RUN));
    yield { start: from, end: to };
    from = to;
  }
}

function afterCodePoints(text: string, from: number, count: number): number {
  let at = from;
  for (let counted = 0; counted < count && at < text.length; counted++) {
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  }
  return at;
}
