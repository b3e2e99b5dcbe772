import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A retrieval collection in BEIR's shape: corpus.jsonl, queries.jsonl, qrels.tsv in one folder. */
export interface Collection {
  readonly documents: readonly { readonly id: string; readonly text: string }[];
  readonly queries: readonly { readonly id: string; readonly text: string }[];
  /** Query id -> document id -> relevance, 0 or more. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export async function readCollection(folder: string): Promise<Collection> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const [corpus, queries, qrels] = await Promise.all([read('corpus.jsonl'), read('queries.jsonl'), read('qrels.tsv')]);
  const judgements = readJudgements(qrels);
  return {
    documents: lines(corpus).map(parseText),
    // A query nobody judged has no score.
    queries: lines(queries)
      .map(parseText)
      .filter(({ id }) => judgements.has(id)),
    judgements,
  };
}

const lines = (text: string) => text.split('\n').filter((line) => line.trim());

function parseText(line: string) {
  const { _id, title, text } = JSON.parse(line) as { _id: string; title?: string; text: string };
  return { id: _id, text: title ? `${title}\n\n${text}` : text };
}

function readJudgements(tsv: string) {
  const judgements = new Map<string, Map<string, number>>();
  for (const [query = '', document = '', relevance] of lines(tsv).map((line) => line.split('\t'))) {
    if (Number.isNaN(Number(relevance))) continue; // the header
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(document, Number(relevance)));
  }
  return judgements;
}
