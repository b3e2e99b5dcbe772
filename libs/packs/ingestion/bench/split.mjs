// node bench/split.mjs, once the workspace is built: how long it takes to cut 5 MB, by what is in them.
import { split } from '../dist/split.js';

const fill = (pattern) => pattern.repeat(5e6 / pattern.length);

const texts = {
  prose: fill('The refund is paid within ten days of the request, unless the receipt was lost. '),
  'one sentence': fill('some words and '),
  'one letter': fill('a'),
  emoji: fill('💶'),
};

for (const [name, text] of Object.entries(texts)) {
  const started = performance.now();
  const pieces = await split({ text, pages: [] });
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`5 MB of ${name}: ${pieces.length} pieces, ${seconds.toFixed(1)} s\n`);
}
