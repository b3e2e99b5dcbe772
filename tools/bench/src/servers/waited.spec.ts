import { waitedMs } from './waited.js';

it.each([
  ['nothing', [], 0],
  ['one wait', [[2, 5]], 3],
  [
    'waits side by side once',
    [
      [2, 5],
      [3, 7],
    ],
    5,
  ],
  [
    'a wait within another once, whatever their order',
    [
      [4, 5],
      [2, 8],
    ],
    6,
  ],
  [
    'waits apart',
    [
      [1, 2],
      [6, 9],
    ],
    4,
  ],
  [
    'of those that begin before or end after only what is within',
    [
      [-5, 1],
      [8, 20],
    ],
    3,
  ],
  [
    'nothing of those outside',
    [
      [-5, -1],
      [11, 20],
    ],
    0,
  ],
] as [string, [number, number][], number][])('counts %s', (_name, waits, expected) => {
  expect(waitedMs(waits, [0, 10])).toBe(expected);
});
