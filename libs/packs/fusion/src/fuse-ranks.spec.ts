import type { Hit } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import fc from 'fast-check';
import { fuseRanks } from './fuse-ranks.js';

const hitsOf = (ids: readonly string[]): Hit[] => ids.map((id) => ({ chunk: chunk({ id, text: id }), score: 0 }));

const idsOf = (hits: readonly Hit[]) => hits.map((hit) => hit.chunk.id);
const scoresOf = (hits: readonly Hit[]) => new Map(hits.map((hit) => [hit.chunk.id, hit.score]));

const ids = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { minLength: 1 });
const rankings = fc.array(ids.map(hitsOf), { minLength: 1, maxLength: 5 });
const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
const weighted = rankings.chain((lists) =>
  fc.tuple(fc.constant(lists), fc.array(weight, { minLength: lists.length, maxLength: lists.length })),
);

describe('fuseRanks', () => {
  it('adds weight / (k + rank), ranks from 1', () => {
    const fused = fuseRanks([hitsOf(['a', 'b']), hitsOf(['b', 'c'])], { weights: [1, 3], k: 10 });
    expect(idsOf(fused)).toEqual(['b', 'c', 'a']);
    expect(scoresOf(fused).get('b')).toBeCloseTo(1 / 12 + 3 / 11, 12);
    expect(scoresOf(fused).get('c')).toBeCloseTo(3 / 12, 12);
    expect(scoresOf(fused).get('a')).toBeCloseTo(1 / 11, 12);
  });

  it('takes k = 60 and equal weights where none are named, and k = 0 where it is', () => {
    expect(fuseRanks([hitsOf(['a'])])[0]?.score).toBe(1 / 61);
    expect(fuseRanks([hitsOf(['a', 'b'])], { k: 0 }).map(({ score }) => score)).toEqual([1, 1 / 2]);
  });

  it('does not heed the order of rankings that count the same', () => {
    fc.assert(
      fc.property(rankings, fc.nat(), (lists, by) => {
        const turned = [...lists.slice(by % lists.length), ...lists.slice(0, by % lists.length)].reverse();
        expect(scoresOf(fuseRanks(turned))).toEqual(scoresOf(fuseRanks(lists)));
      }),
    );
  });

  it('puts a chunk that all rankings hold above one that fewer hold at the same ranks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(8), fc.integer({ min: 1, max: 5 }), (count, rank, missing) => {
        const lists = Array.from({ length: count }, (_, list) => {
          const others = Array.from({ length: rank }, (_, index) => `${list} ${index}`);
          return [...others, list < Math.min(missing, count - 1) ? `only ${list}` : 'fewer'];
        });
        const all = lists.map((list) => hitsOf(list.with(-1, 'all')));
        const fewer = lists.map(hitsOf);
        const score = (each: Hit[][], id: string) => scoresOf(fuseRanks(each)).get(id) as number;
        expect(score(all, 'all')).toBeGreaterThan(score(fewer, 'fewer'));
      }),
    );
  });

  it('orders the same whatever the unit of the weights', () => {
    fc.assert(
      // Powers of two, which scale a floating point number exactly.
      fc.property(weighted, fc.integer({ min: -8, max: 8 }), ([lists, weights], power) => {
        const scaled = weights.map((each) => each * 2 ** power);
        expect(idsOf(fuseRanks(lists, { weights: scaled }))).toEqual(idsOf(fuseRanks(lists, { weights })));
      }),
    );
  });

  it('never lets a higher weight of its ranking lower a chunk', () => {
    fc.assert(
      fc.property(weighted, weight, ([lists, weights], more) => {
        const heavier = weights.with(0, (weights[0] as number) + more);
        const before = scoresOf(fuseRanks(lists, { weights }));
        const after = scoresOf(fuseRanks(lists, { weights: heavier }));
        for (const [id, score] of before) expect(after.get(id)).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('breaks ties by the order of rankings, then of ranks', () => {
    expect(idsOf(fuseRanks([hitsOf(['x', 'b']), hitsOf(['a', 'y'])]))).toEqual(['x', 'a', 'b', 'y']);
  });

  it('keeps a tie a tie where the same ranks were met in another order', () => {
    const three = [
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
    ].map(hitsOf);
    expect(new Set(fuseRanks(three, { weights: [0.1, 0.1, 0.1] }).map(({ score }) => score)).size).toBe(1);
  });

  it('counts a chunk once in a ranking that repeats it', () => {
    expect(fuseRanks([hitsOf(['a', 'a', 'b'])])).toEqual(fuseRanks([hitsOf(['a', 'b'])]));
  });

  it('leaves the rankings as they are', () => {
    fc.assert(
      fc.property(rankings, (lists) => {
        const before = structuredClone(lists);
        fuseRanks(lists);
        expect(JSON.stringify(lists)).toBe(JSON.stringify(before));
      }),
    );
  });
});
