// node bench/extractive.mjs, once the workspace is built: how long choosing the sentences takes, by the number of hits.
import { extractive } from '../dist/extractive.js';

const RUNS = 20;
const WORDS = 'refund parcel lorry day request receipt voucher customer office paid within weight kilogram'.split(' ');

const sentence = (seed) =>
  `${Array.from({ length: 14 }, (_, at) => WORDS[(seed * 7 + at * (1 + (seed % 5))) % WORDS.length]).join(' ')} ${seed}. `;

const hit = (_, index) => {
  const text = Array.from({ length: 40 }, (_, at) => sentence(index * 20 + at)).join('');
  const span = { start: 0, end: text.length };
  const chunk = {
    id: `${index}`,
    collection: 'c',
    documentId: 'd',
    ordinal: index,
    text,
    span,
    pages: [],
    source: 's',
  };
  return { chunk: { ...chunk, attributes: {} }, score: 1 };
};

for (const limit of [10, 50]) {
  const hits = Array.from({ length: limit }, hit);
  const { answer } = extractive({ retriever: { name: 'fixed', retrieve: async () => hits } });
  const started = performance.now();
  for (let run = 0; run < RUNS; run++) await answer({ text: 'When is the refund of a parcel paid?', limit });
  const each = (performance.now() - started) / RUNS;
  process.stdout.write(`${limit} hits of 40 sentences: ${each.toFixed(1)} ms\n`);
}
