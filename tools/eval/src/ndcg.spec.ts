import { ndcg, recall } from './ndcg.js';

const judged = new Map([
  ['a', 2],
  ['b', 1],
  ['c', 0],
]);

describe('ndcg', () => {
  it('is 1 for the ideal ranking and 0 for one without a relevant document', () => {
    expect(ndcg(['a', 'b', 'c'], judged)).toBe(1);
    expect(ndcg(['c', 'x'], judged)).toBe(0);
  });

  it('discounts by the logarithm of the rank', () => {
    const ideal = 2 / Math.log2(2) + 1 / Math.log2(3);
    expect(ndcg(['x', 'b', 'a'], judged)).toBeCloseTo((1 / Math.log2(3) + 2 / Math.log2(4)) / ideal, 12);
  });

  it('looks no further than its depth', () => {
    expect(ndcg(['x', 'a'], judged, 1)).toBe(0);
    expect(recall(['x', 'a', 'b'], judged, 2)).toBe(0.5);
  });
});
