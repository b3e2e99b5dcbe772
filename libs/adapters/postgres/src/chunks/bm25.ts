/**
 * BM25 as an inner product of a chunk's weights and a question's: Robertson and Zaragoza, The Probabilistic Relevance
 * Framework (2009), with the idf that Lucene uses, which is never negative.
 */
export const K1 = 1.2;
const B = 0.75;

/** The weight of a term in one chunk: 0 to k1 + 1. Lengths in terms. */
export function termWeight(count: number, length: number, meanLength: number): number {
  return (count * (K1 + 1)) / (count + saturation(length, meanLength));
}

/** The count that a stored weight was made from: exact, as counts are whole. */
export function countOfWeight(weight: number, length: number, meanLength: number): number {
  return Math.max(1, Math.round((weight * saturation(length, meanLength)) / (K1 + 1 - weight)));
}

function saturation(length: number, meanLength: number): number {
  return K1 * (1 - B + (B * length) / meanLength);
}
