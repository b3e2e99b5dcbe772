import { words } from '../../text/words.js';

const K1 = 1.2;
const B = 0.75;

/**
 * BM25 of every text for a question (Robertson and Zaragoza, 2009), brought into [0, 1) by s / (1 + s); 0 where they
 * share no word.
 */
export function bm25(question: string, texts: readonly string[]): number[] {
  const bags = texts.map(words);
  const averageLength = bags.reduce((total, bag) => total + bag.length, 0) / bags.length;
  const terms = Array.from(new Set(words(question)), (term) => ({ term, idf: rarity(term, bags) }));
  return bags.map((bag) => {
    const norm = K1 * (1 - B + (B * bag.length) / averageLength);
    const score = terms.reduce((sum, { term, idf }) => sum + idf * saturate(occurrences(term, bag), norm), 0);
    return score / (1 + score);
  });
}

const saturate = (count: number, norm: number) => (count === 0 ? 0 : (count * (K1 + 1)) / (count + norm));

const occurrences = (term: string, bag: readonly string[]) => bag.filter((word) => word === term).length;

function rarity(term: string, bags: readonly (readonly string[])[]): number {
  const having = bags.filter((bag) => bag.includes(term)).length;
  return Math.log(1 + (bags.length - having + 0.5) / (having + 0.5));
}
