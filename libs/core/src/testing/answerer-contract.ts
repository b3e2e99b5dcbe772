import { pageAt, type Chunk } from '../passage.js';
import type { Answer, Answerer, AnswerEvent } from '../ports/answerer.js';
import { codePointLength, sliceCodePoints } from '../text/code-points.js';
import { chunk } from './fakes/chunk.js';

const pages = [
  { number: 1, start: 0 },
  { number: 2, start: 160 },
];

/** Astral characters before and in the sentences: spans must count code points. A wrapped line; two pages. */
const CHUNKS: readonly Chunk[] = [
  chunk({
    id: 'refunds',
    documentId: 'terms.pdf',
    source: 'terms.pdf',
    text: '📦 Parcels travel for two days. A refund 💶 is paid\nwithin ten days of the request. Sundays do not count.',
    span: { start: 100, end: 201 },
    pages,
  }),
  chunk({
    id: 'vouchers',
    collection: 'news',
    documentId: 'news.txt',
    source: 'news.txt',
    text: 'Vouchers were printed in green. From May on a refund may also be paid as a voucher.',
  }),
].map((each) => ({ ...each, span: { ...each.span, end: each.span.start + codePointLength(each.text) } }));

/**
 * What every answerer does. `make` gives one that answers from these chunks, citing each sentence about refunds where
 * the question is about them, and that finds nothing where it is about zeppelins.
 */
export function describeAnswerer(name: string, make: (chunks: readonly Chunk[]) => Answerer | Promise<Answerer>) {
  describe(`${name} as an Answerer`, () => {
    const refunds = { text: 'When is a refund paid?', limit: 5 };
    const zeppelins = { text: 'Zeppelins?', limit: 5 };

    it('cites quotes that stand word for word in their chunks', async () => {
      const { citations } = await (await make(CHUNKS)).answer(refunds);
      expect(citations.map(({ chunkId }) => chunkId)).toContain('refunds');
      for (const { chunkId, quote, span, page, ...citation } of citations) {
        const cited = CHUNKS.find(({ id }) => id === chunkId) as Chunk;
        const { start } = cited.span;
        expect(quote).not.toBe('');
        expect(sliceCodePoints(cited.text, span.start - start, span.end - start)).toBe(quote);
        expect(page).toBe(pageAt(cited.pages, span.start));
        const { collection, documentId, source } = cited;
        expect(citation).toMatchObject({ collection, documentId, source });
      }
    });

    it('says which part of the answer each citation carries', async () => {
      const { text, citations } = await (await make(CHUNKS)).answer(refunds);
      for (const { cites } of citations) {
        expect(cites.start).toBeGreaterThanOrEqual(0);
        expect(cites.end).toBeLessThanOrEqual(codePointLength(text));
        expect(sliceCodePoints(text, cites.start, cites.end).trim()).not.toBe('');
      }
    });

    it.each([refunds, zeppelins])('streams the answer that it gives to "$text"', async (query) => {
      const answerer = await make(CHUNKS);
      const events = await all(answerer.stream(query));
      expect(textOf(events)).toBe(doneOf(events).text);
      expect(doneOf(events)).toEqual(await answerer.answer(query));
    });

    it('says so where nothing was found, and cites nothing', async () => {
      for (const chunks of [CHUNKS, []]) {
        const { text, citations, usage } = await (await make(chunks)).answer(zeppelins);
        expect(text.trim()).not.toBe('');
        expect(citations).toEqual([]);
        expect(usage.inputTokens).toBeGreaterThanOrEqual(0);
      }
    });

    it('looks only where it is told to', async () => {
      const { citations } = await (await make(CHUNKS)).answer({ ...refunds, collections: ['news'] });
      expect(citations.map(({ chunkId }) => chunkId)).not.toContain('refunds');
    });

    it('does not begin for a caller who has gone away', async () => {
      const answerer = await make(CHUNKS);
      const gone = AbortSignal.abort();
      await expect(answerer.answer(refunds, gone)).rejects.toMatchObject({ code: 'aborted' });
      await expect(all(answerer.stream(refunds, gone))).rejects.toMatchObject({ code: 'aborted' });
    });

    it('stops in the middle of a stream when the caller goes away', async () => {
      const answerer = await make(CHUNKS);
      const caller = new AbortController();
      let events = 0;
      await expect(async () => {
        for await (const _event of answerer.stream(refunds, caller.signal)) {
          events++;
          caller.abort();
        }
      }).rejects.toMatchObject({ code: 'aborted' });
      expect(events).toBe(1);
    });
  });
}

async function all(stream: AsyncIterable<AnswerEvent>): Promise<AnswerEvent[]> {
  const events: AnswerEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const textOf = (events: readonly AnswerEvent[]) =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');

function doneOf(events: readonly AnswerEvent[]): Answer {
  const done = events.filter((event) => event.type === 'done');
  expect(done).toHaveLength(1);
  expect(events.at(-1)).toBe(done[0]);
  return (done[0] as (typeof done)[0]).answer;
}
