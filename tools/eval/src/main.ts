import { parseArgs } from 'node:util';
import { huggingface } from '@packhouse/embedding/huggingface';
import { OpenAI } from 'openai';
import { readCollection, type Collection } from './collection.js';
import { ingest, score } from './run-collection.js';
import { storeScores } from './store-scores.js';

const HELP = `Usage: npm run -s eval -- --data FOLDER [--url URL] [--store ID]
       npm run -s eval -- --data FOLDER --direct [--language TAG] [--model FOLDER]

Measures retrieval and prints nDCG@10 and recall@10: through a running server, where every document of a collection is
uploaded as a file and scored by its best passage, or of the chunk store by itself, where every document is one chunk.

  --data FOLDER    corpus.jsonl, queries.jsonl and qrels.tsv, as BEIR has them
  --url URL        the server (default: http://127.0.0.1:8080); PACKHOUSE_TOKEN holds a writer's token
  --store ID       a store that an earlier run filled: nothing is uploaded
  --direct         the chunk store, on PGlite in memory
  --language TAG   of the documents (default: en)
  --model FOLDER   an embedding model, for searches by vector and by both
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    store: { type: 'string' },
    direct: { type: 'boolean', default: false },
    language: { type: 'string', default: 'en' },
    model: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const token = process.env['PACKHOUSE_TOKEN'];

if (values.help || !values.data || !(token || values.direct)) {
  process.stderr.write(HELP);
  process.exit(values.help ? 0 : 2);
}

const collection = await readCollection(values.data);
const results = values.direct ? await direct(collection) : await throughServer(collection, token as string);
process.stdout.write(`${JSON.stringify(results)}\n`);

async function direct(collection: Collection) {
  const embedder = values.model === undefined ? undefined : await huggingface({ modelDir: values.model });
  return storeScores(collection, { language: values.language, embedder });
}

async function throughServer(collection: Collection, apiKey: string) {
  const api = new OpenAI({ baseURL: `${values.url}/v1`, apiKey });
  const progress = (done: number, all: number) => {
    if (done % 500 === 0 || done === all) process.stderr.write(`${done} of ${all} documents\n`);
  };
  const began = Date.now();
  const store = values.store ?? (await ingest(api, collection, progress));
  const ingested = Date.now();
  const scores = await score(api, store, collection);
  const seconds = { ingest: (ingested - began) / 1000, search: (Date.now() - ingested) / 1000 };
  return { store, ...scores, seconds };
}
