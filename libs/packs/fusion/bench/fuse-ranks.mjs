// node bench/fuse-ranks.mjs: how long one fusion takes, by the length of the rankings.
import { fuseRanks } from '../src/fuse-ranks.ts';

const RUNS = 200;

const ranking = (length, step) =>
  Array.from({ length }, (_, rank) => ({
    chunk: { id: `chunk_${(rank * step) % (length * 2)}` },
    score: 1 / (rank + 1),
  }));

for (const length of [10, 100, 1000]) {
  const rankings = [ranking(length, 1), ranking(length, 3), ranking(length, 7), ranking(length, 11)];
  const started = performance.now();
  for (let run = 0; run < RUNS; run++) fuseRanks(rankings);
  const each = (performance.now() - started) / RUNS;
  process.stdout.write(`4 rankings of ${length}: ${each.toFixed(3)} ms\n`);
}
