import { tenantId } from '@packhouse/core';
import { planIndexes } from './plan-indexes.js';

const space = (index: string, vectors: number) => ({
  ...{ tenant: tenantId('acme'), generation: 1, dimensions: 384, leaf: 'packhouse.chunk_vectors_0' },
  ...{ index, vectors },
});
const named = (entries: readonly { index: string }[]) => entries.map(({ index }) => index);
const THRESHOLD = 20_000;

describe('the plan of indexes', () => {
  it.each([
    // what there is, the index on it, what is dropped, what is built
    [20_000, undefined, [], ['i']],
    [19_999, undefined, [], []],
    [20_000, true, [], []],
    [10_000, true, [], []],
    [9_999, true, ['i'], []],
    [0, true, ['i'], []],
    [20_000, false, ['i'], ['i']],
    [10_000, false, ['i'], []],
  ])('with %d vectors and an index that is %s drops %j and builds %j', (vectors, valid, drop, build) => {
    const spaces = vectors > 0 ? [space('i', vectors)] : [];
    const indexes = valid === undefined ? [] : [{ index: 'i', valid }];
    const plan = planIndexes(spaces, indexes, THRESHOLD);
    expect([named(plan.drop), named(plan.build)]).toEqual([drop, build]);
  });
});
