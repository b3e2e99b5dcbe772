import { plot } from './plot.js';

describe('a plot', () => {
  const axes = { title: 'Growth', x: 'chunks', y: 'ms' };
  const svg = plot(axes, [{ name: 'ours', points: [[10, 1], [1_000, 100]] }]); // prettier-ignore

  it('puts the least and the greatest point into its corners', () => {
    expect(svg).toContain('points="70.0,330.0 510.0,40.0"');
  });

  it('ticks every power of ten', () => {
    expect([...svg.matchAll(/text-anchor="(?:middle|end)">([\d,]+)</g)].map(([, tick]) => tick)).toEqual([
      '10',
      '100',
      '1,000',
      '1',
      '10',
      '100',
    ]);
  });
});
