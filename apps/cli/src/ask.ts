import { styleText } from 'node:util';
import { openApi, type Api } from './api/api.js';
import type { Annotation, AnswerChunk } from './api/objects.js';
import { citationNumbers } from './citation-numbers.js';
import { command } from './command.js';
import { requireStore } from './find-store.js';
import { paragraphs, printable } from './printable.js';
import { source } from './source.js';
import { UsageError } from './usage-error.js';

const HELP = `Usage: packhouse ask QUESTION... [--store NAME] [--model NAME] [--json]

Prints the answer as it comes, and below it what it rests on: [1] file, page and quote.

Options:
  --store NAME    name or id of the vector store to ask (default: all of them)
  --model NAME    the pack that finds the passages: fusion, hybrid, lexical, dense (default: fusion)
  --json          print one document when the answer is complete: answer, citations
`;

export const ask = command({
  help: HELP,
  takesWords: true,
  options: {
    store: { type: 'string' },
    model: { type: 'string', default: 'fusion' },
    json: { type: 'boolean', default: false },
  },
  async run({ values: { store, model, json }, words }, signal) {
    const question = words.join(' ').trim();
    if (!question) throw new UsageError('Say what to ask.');
    const api = await openApi(signal);
    const request = { model, messages: [{ role: 'user', content: question }], ...(await tools(api, store)) };
    const { answer, annotations } = await streamed(api, request, json ? () => undefined : write);
    const citations = numbered(answer, annotations);
    if (json) return void process.stdout.write(`${JSON.stringify({ model, answer, citations }, null, 2)}\n`);
    process.stdout.write(`\n${citations.map((each) => `\n${line(each)}`).join('')}${citations.length > 0 ? '\n' : ''}`);
  },
});

const write = (text: string) => void process.stdout.write(paragraphs(text));

async function tools(api: Api, store: string | undefined) {
  if (store === undefined) return {};
  const { id } = await requireStore(api, store);
  return { tools: [{ type: 'file_search', vector_store_ids: [id] }] };
}

async function streamed(api: Api, request: object, onText: (text: string) => void) {
  let answer = '';
  const annotations: Annotation[] = [];
  for await (const { choices } of api.stream<AnswerChunk>('/chat/completions', { ...request, stream: true })) {
    const { content = '', annotations: more = [] } = choices[0]?.delta ?? {};
    onText(content);
    answer += content;
    annotations.push(...more);
  }
  return { answer, annotations };
}

function numbered(answer: string, annotations: readonly Annotation[]) {
  const numbers = citationNumbers(answer, annotations);
  return annotations.map(({ file_citation: { file_id, filename, page, quote } }, index) => ({
    number: numbers[index] as number,
    file_id,
    filename,
    page,
    quote,
  }));
}

function line({ number, quote, ...where }: ReturnType<typeof numbered>[number]): string {
  return `${styleText('cyan', `[${number}]`)} ${styleText('bold', source(where))}: "${printable(quote)}"`;
}
