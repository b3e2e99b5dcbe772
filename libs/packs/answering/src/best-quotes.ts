import type { Hit } from '@packhouse/core';
import { quotables, type Quotable } from './quotable.js';
import { terms } from './terms.js';

/** Part of the question's weight that a sentence must hold, and part of the best sentence's score. */
const LEAST_COVERAGE = 0.25;
const LEAST_OF_BEST = 0.5;

/** From this similarity (Jaccard, of their terms) on two sentences say the same. */
const SAME = 0.8;

/** In terms: a heading is shorter and says little, a table is longer and says too much. */
const SHORT = 5;
const LONG = 30;

/** The hit at this rank, from 0, counts half of the first. */
const HALF_RANK = 10;

interface Candidate extends Quotable {
  readonly rank: number;
}

/**
 * The sentences of the hits that answer a question best, best first, at most `count`. A sentence counts for the
 * question's terms that it holds, each weighted by how rare it is among the sentences found; less where it is very
 * short or long or its hit is far down. What says the same as a better one is left out: chunks overlap.
 */
export function bestQuotes(question: string, hits: readonly Hit[], count: number): Quotable[] {
  const candidates = candidatesOf(hits);
  const asked = weights(question, candidates);
  const scored = candidates
    .map((candidate) => ({ candidate, score: score(candidate, asked) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);

  const least = LEAST_OF_BEST * (scored[0]?.score ?? 0);
  const best: Quotable[] = [];
  for (const { candidate, score } of scored) {
    if (best.length === count || score < least) break;
    if (!best.some((better) => similarity(better, candidate) >= SAME)) best.push(candidate);
  }
  return best;
}

/** Each text once, from the best hit that has it. */
function candidatesOf(hits: readonly Hit[]): Candidate[] {
  const byText = new Map<string, Candidate>();
  hits.forEach(({ chunk }, rank) => {
    for (const each of quotables(chunk)) if (!byText.has(each.text)) byText.set(each.text, { ...each, rank });
  });
  return [...byText.values()];
}

/** The question's terms with their share of its weight; the rarer the heavier (the idf of BM25). */
function weights(question: string, candidates: readonly Candidate[]): Map<string, number> {
  const bags = candidates.map(({ terms }) => new Set(terms));
  const idf = (term: string) => {
    const having = bags.filter((bag) => bag.has(term)).length;
    return Math.log(1 + (bags.length - having + 0.5) / (having + 0.5));
  };
  const raw = Array.from(new Set(terms(question)), (term) => [term, idf(term)] as const);
  const total = raw.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(raw.map(([term, weight]) => [term, weight / total]));
}

function score({ terms, rank }: Candidate, asked: ReadonlyMap<string, number>): number {
  let coverage = 0;
  for (const term of new Set(terms)) coverage += asked.get(term) ?? 0;
  if (coverage < LEAST_COVERAGE) return 0;
  const length = Math.min(1, terms.length / SHORT, LONG / terms.length);
  return coverage * length * (HALF_RANK / (HALF_RANK + rank));
}

function similarity(a: Quotable, b: Quotable): number {
  const [ofA, ofB] = [new Set(a.terms), new Set(b.terms)];
  const shared = [...ofA].filter((term) => ofB.has(term)).length;
  return shared / (ofA.size + ofB.size - shared);
}
