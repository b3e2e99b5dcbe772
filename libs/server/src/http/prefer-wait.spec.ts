import { preferredWait } from './prefer-wait.js';

describe('preferredWait', () => {
  it.each([
    ['wait=30', 30_000],
    ['respond-async, wait=10', 10_000],
    ['wait="5"', 5_000],
    ['wait=99999', 120_000],
    ['wait=0', 0],
    ['wait=soon', 0],
    ['await=30', 0],
    [undefined, 0],
  ])('reads %j as %d ms', (header, expected) => {
    expect(preferredWait(header)).toBe(expected);
  });
});
