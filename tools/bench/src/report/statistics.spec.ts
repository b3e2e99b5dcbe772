import { mean, median, quantile } from './statistics.js';

describe('statistics', () => {
  it('finds the middle of an odd and of an even number of values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('finds the value that a share lies below', () => {
    const values = Array.from({ length: 100 }, (_, at) => 99 - at);
    expect(quantile(values, 0.5)).toBe(50);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile(values, 1)).toBe(99);
  });

  it('averages', () => {
    expect(mean([1, 2, 6])).toBe(3);
  });
});
