import { dense, lexical, PackhouseError, tenantId, type Hit, type Query, type Retriever } from '@packhouse/core';
import {
  chunk,
  describeRetriever,
  fillStore,
  listRetriever,
  memoryChunkStore,
  wordEmbedder,
} from '@packhouse/core/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { fusion } from './fusion.js';

const embedder = wordEmbedder();

describeRetriever('fusion', async (chunks) => {
  const store = memoryChunkStore().forTenant(tenantId('acme'));
  await fillStore(store, chunks, embedder);
  return fusion({ retrievers: [lexical(store), dense(store, embedder)] });
});

describeRetriever('fusion of one leg with rewrites', async (chunks) => {
  const store = memoryChunkStore().forTenant(tenantId('acme'));
  await fillStore(store, chunks, embedder);
  return fusion({ retrievers: [lexical(store)], variants: async () => ['receipt', 'voucher'] });
});

const hits = (...ids: string[]): Hit[] => ids.map((id, rank) => ({ chunk: chunk({ id, text: id }), score: 9 - rank }));
const idsOf = (found: readonly Hit[]) => found.map((hit) => hit.chunk.id);
const question: Query = { text: 'refund?', limit: 3, collections: ['docs'] };

/** A leg that notes what it was asked. */
function recording(name: string, found: readonly Hit[] = hits('a')): Retriever & { readonly asked: Query[] } {
  const asked: Query[] = [];
  const list = listRetriever(name, found);
  return { name, asked, retrieve: (query, signal) => (asked.push(query), list.retrieve(query, signal)) };
}

/** A leg that waits for its signal, and tells the reason. */
function patient(name: string): Retriever & { readonly reason: Promise<unknown> } {
  let resolve: (reason: unknown) => void;
  return {
    name,
    reason: new Promise((settle) => (resolve = settle)),
    retrieve: (_query, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          resolve(signal.reason);
          reject(signal.reason);
        });
      }),
  };
}

const failing = (name: string, cause: unknown): Retriever => ({ name, retrieve: () => Promise.reject(cause) });

describe('fusion', () => {
  it('is named after its legs', () => {
    expect(fusion({ retrievers: [recording('lexical'), recording('dense')] }).name).toBe('fusion(lexical+dense)');
  });

  it('holds agreement above a lone first place', async () => {
    const [a, b] = [listRetriever('a', hits('lone', 'both')), listRetriever('b', hits('other', 'both'))];
    expect(idsOf(await fusion({ retrievers: [a, b] }).retrieve(question))).toEqual(['both', 'lone', 'other']);
  });

  it('lets the heavier leg lead, and a leg of weight 0 only fill up', async () => {
    const [a, b] = [listRetriever('a', hits('x', 'y')), listRetriever('b', hits('y', 'z'))];
    expect(idsOf(await fusion({ retrievers: [a, b], weights: [1, 0] }).retrieve(question))).toEqual(['x', 'y', 'z']);
    expect(idsOf(await fusion({ retrievers: [a, b], weights: [0, 1] }).retrieve(question))).toEqual(['y', 'z', 'x']);
  });

  it('asks each leg for more than the caller wants, in the same collections', async () => {
    const leg = recording('leg');
    await fusion({ retrievers: [leg], depth: 5 }).retrieve(question);
    expect(leg.asked).toEqual([{ ...question, limit: 15 }]);
  });

  it.each([
    { weights: [1] },
    { weights: [1, 1, 1] },
    { weights: [1, -1] },
    { weights: [0, 0] },
    { weights: [1, NaN] },
    { weights: [1, Infinity] },
    { k: -1 },
    { k: NaN },
    { depth: 0 },
    { depth: 1.5 },
  ])('refuses %j at construction', (options) => {
    const retrievers = [recording('a'), recording('b')] as const;
    const [param] = Object.keys(options);
    expect(() => fusion({ retrievers, ...options })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param }),
    );
  });

  it('refuses to be built of nothing', () => {
    expect(() => fusion({ retrievers: [] as unknown as [Retriever] })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'retrievers' }),
    );
  });
});

describe('fusion with a failing leg', () => {
  it('fails with the name of the leg, its code and the cause', async () => {
    const cause = new PackhouseError('unavailable', 'No connection.', { retryable: true });
    const search = fusion({ retrievers: [recording('lexical'), failing('dense', cause)] });
    await expect(search.retrieve(question)).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringMatching(/dense.*No connection/),
      cause,
    });
  });

  it('calls a foreign error internal', async () => {
    const search = fusion({ retrievers: [failing('dense', new TypeError('x is undefined'))] });
    await expect(search.retrieve(question)).rejects.toMatchObject({ code: 'internal' });
  });

  it('names a leg that throws before it returns a promise', async () => {
    const leg: Retriever = {
      name: 'hasty',
      retrieve: () => {
        throw new Error('at once');
      },
    };
    await expect(fusion({ retrievers: [leg] }).retrieve(question)).rejects.toThrow(/hasty.*at once/);
  });

  it('aborts the other legs', async () => {
    const other = patient('other');
    const search = fusion({ retrievers: [other, failing('dense', new Error('down'))] });
    await expect(search.retrieve(question)).rejects.toThrow('dense');
    expect(await other.reason).toMatchObject({ message: expect.stringContaining('dense') });
  });

  it('passes the caller on to the legs', async () => {
    const leg = patient('leg');
    const caller = new AbortController();
    const retrieve = fusion({ retrievers: [leg] }).retrieve(question, caller.signal);
    caller.abort();
    await expect(retrieve).rejects.toMatchObject({ code: 'aborted' });
    await leg.reason;
  });
});

describe('fusion with rewrites', () => {
  it('asks every leg the question and each rewrite, with the weight of the leg', async () => {
    const [a, b] = [recording('a', hits('x')), recording('b', hits('y'))];
    const search = fusion({ retrievers: [a, b], weights: [1, 2], k: 0, variants: async () => ['one', 'two'] });
    expect(await search.retrieve(question)).toMatchObject([{ score: 6 }, { score: 3 }]);
    for (const leg of [a, b]) expect(leg.asked.map(({ text }) => text)).toEqual(['refund?', 'one', 'two']);
  });

  it('does not let the question wait for them', async () => {
    const leg = recording('leg');
    const variants = async () => (await sleep(20), ['other words']);
    const retrieve = fusion({ retrievers: [leg], variants }).retrieve(question);
    await sleep(0);
    expect(leg.asked).toHaveLength(1);
    await retrieve;
    expect(leg.asked).toHaveLength(2);
  });

  it('leaves out blank lines, repetitions and the question itself, and asks no more than 8', async () => {
    const leg = recording('leg');
    const many = Array.from({ length: 20 }, (_, index) => `rewrite ${index}`);
    const lines = ['', '  ', ' refund? ', 'rewrite 0', ' rewrite 0', ...many];
    await fusion({ retrievers: [leg], variants: async () => lines }).retrieve(question);
    expect(leg.asked.map(({ text }) => text)).toEqual(['refund?', ...many.slice(0, 8)]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('model down'))],
    [
      'throws',
      () => {
        throw new Error('no model');
      },
    ],
  ])('falls back to the question alone where rewriting %s', async (_how, variants) => {
    const leg = recording('leg', hits('a', 'b'));
    expect(idsOf(await fusion({ retrievers: [leg], variants }).retrieve(question))).toEqual(['a', 'b']);
    expect(leg.asked).toHaveLength(1);
  });

  it('does not answer a caller who went away while it was rewriting', async () => {
    const caller = new AbortController();
    const variants = async (_query: Query, signal?: AbortSignal) => (
      await sleep(1000, undefined, { signal: signal as AbortSignal }),
      []
    );
    const retrieve = fusion({ retrievers: [recording('leg')], variants }).retrieve(question, caller.signal);
    caller.abort();
    await expect(retrieve).rejects.toMatchObject({ code: 'aborted' });
  });

  it('gives rewriting up when a leg has failed', async () => {
    let reason: unknown;
    const variants = (_query: Query, signal?: AbortSignal) =>
      new Promise<string[]>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject((reason = signal.reason)));
      });
    const search = fusion({ retrievers: [failing('dense', new Error('down'))], variants });
    await expect(search.retrieve(question)).rejects.toThrow('dense');
    expect(reason).toMatchObject({ message: expect.stringContaining('dense') });
  });
});
