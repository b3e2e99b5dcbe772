import { parseArgs } from 'node:util';
import { OpenAI } from 'openai';
import { readCollection } from './collection.js';
import { ingest, score } from './run-collection.js';

const HELP = `Usage: npm run -s eval -- --data FOLDER [--url URL] [--store ID]

Measures retrieval through a running server: uploads every document of a collection as a file, asks its queries, and
prints nDCG@10 and recall@10, a file scored by its best passage.

  --data FOLDER   corpus.jsonl, queries.jsonl and qrels.tsv, as BEIR has them
  --url URL       the server (default: http://127.0.0.1:8080)
  --store ID      a store an earlier run filled: nothing is uploaded

PACKHOUSE_TOKEN holds a writer's token.
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    store: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const token = process.env['PACKHOUSE_TOKEN'];

if (values.help || !values.data || !token) {
  process.stderr.write(HELP);
  process.exit(values.help ? 0 : 2);
}

const api = new OpenAI({ baseURL: `${values.url}/v1`, apiKey: token });
const collection = await readCollection(values.data);
const progress = (done: number, all: number) => {
  if (done % 500 === 0 || done === all) process.stderr.write(`${done} of ${all} documents\n`);
};
const began = Date.now();
const store = values.store ?? (await ingest(api, collection, progress));
const ingested = Date.now();
const scores = await score(api, store, collection);
const seconds = { ingest: (ingested - began) / 1000, search: (Date.now() - ingested) / 1000 };
process.stdout.write(`${JSON.stringify({ store, ...scores, seconds })}\n`);
