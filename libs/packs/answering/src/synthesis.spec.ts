import { lexical, tenantId, type ChatMessage, type Hit, type PassagePart } from '@packhouse/core';
import {
  chunk,
  describeAnswerer,
  fillStore,
  listRetriever,
  memoryChunkStore,
  scriptedChat,
  wordEmbedder,
} from '@packhouse/core/testing';
import { NOTHING_FOUND } from './answerer.js';
import { synthesis } from './synthesis.js';

const passagesOf = (messages: readonly ChatMessage[]): PassagePart[] =>
  messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'passage' ? [part] : [])),
  );

/** A model that says what the passages say about refunds. */
const obedient = () =>
  scriptedChat((messages) =>
    passagesOf(messages)
      .map(({ text }, index) => `${/[^.]*refund[^.]*/.exec(text)?.[0].trim()} [${index + 1}].`)
      .join(' '),
  );

describeAnswerer('synthesis', async (chunks) => {
  const store = memoryChunkStore().forTenant(tenantId('acme'));
  await fillStore(store, chunks, wordEmbedder());
  return synthesis({ retriever: lexical(store), chat: obedient() });
});

const hits = (...texts: string[]): Hit[] => texts.map((text, rank) => ({ chunk: chunk({ text }), score: 9 - rank }));
const question = { text: 'When is a refund paid?', limit: 5 };
const terms = 'Parcels travel for two days. A refund is paid within 10 days.';

describe('synthesis', () => {
  it('gives the model numbered passages, the question, and a bound', async () => {
    const chat = scriptedChat(['A refund is paid within 10 days [1].']);
    const signal = new AbortController().signal;
    await synthesis({ retriever: listRetriever('list', hits(terms, 'Other.')), chat }).answer(question, signal);
    const [call] = chat.calls;
    expect(call?.messages[0]?.role).toBe('system');
    expect(call?.messages[1]).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: '[1]' },
        { type: 'passage', chunkId: `chunk of ${terms}`, source: 'doc.txt', text: terms },
        { type: 'text', text: '[2]' },
        { type: 'passage', chunkId: 'chunk of Other.', source: 'doc.txt', text: 'Other.' },
        { type: 'text', text: question.text },
      ],
    });
    expect(call?.options).toEqual({ maxTokens: 1024, temperature: 0, signal });
  });

  it('cites what holds and takes out what does not, and passes the usage on', async () => {
    const chat = scriptedChat(['A refund is paid within 10 days [1]. It is paid in 30 days [1]. Parcels fly [4].']);
    const answer = await synthesis({ retriever: listRetriever('list', hits(terms)), chat }).answer(question);
    expect(answer.text).toBe('A refund is paid within 10 days [1]. It is paid in 30 days. Parcels fly.');
    expect(answer.citations.map(({ quote }) => quote)).toEqual(['A refund is paid within 10 days.']);
    expect(answer.usage.outputTokens).toBe(18);
  });

  it('lets text out as it comes', async () => {
    const chat = scriptedChat(['One two three.']);
    const { stream } = synthesis({ retriever: listRetriever('list', hits(terms)), chat });
    const texts: string[] = [];
    for await (const event of stream(question)) if (event.type === 'text') texts.push(event.text);
    expect(texts).toEqual(['One', ' two', ' three.']);
  });

  it('does not ask the model where nothing was found', async () => {
    const chat = scriptedChat([]);
    const answer = await synthesis({ retriever: listRetriever('none', []), chat }).answer(question);
    expect(answer).toEqual({ text: NOTHING_FOUND, citations: [], usage: { inputTokens: 0, outputTokens: 0 } });
    expect(chat.calls).toEqual([]);
  });

  it('gives as many passages as the context window holds, the last cut at a sentence', async () => {
    const long = Array.from({ length: 40 }, (_, index) => `Refund rule number ${index} is this one.`).join(' ');
    const chat = scriptedChat(['None.'], { contextWindow: 1600 });
    await synthesis({ retriever: listRetriever('list', hits(long, `${long} 2`, `${long} 3`)), chat }).answer(question);
    const given = passagesOf(chat.calls[0]?.messages ?? []).map(({ text }) => text);
    expect(given).toHaveLength(2);
    expect(given[0]).toBe(long);
    expect(long.startsWith(given[1]?.trim() as string)).toBe(true);
    expect(given[1]?.trim()).toMatch(/this one\.$/);
    expect(chat.calls[0]?.options.maxTokens).toBe(400);
  });

  it('refuses a question that leaves no room', async () => {
    const chat = scriptedChat(['None.'], { contextWindow: 2000 });
    const retriever = listRetriever('list', hits(terms));
    const answer = synthesis({ retriever, chat }).answer({ ...question, text: 'why '.repeat(2000) });
    await expect(answer).rejects.toMatchObject({ code: 'too_large' });
  });

  it.each([
    ['withheld', scriptedChat(['So'], { finish: 'filtered' }), 'provider_refused'],
    ['empty', scriptedChat([' ']), 'provider_failed'],
    ['missing', { ...scriptedChat([]), stream: async function* () {} }, 'provider_failed'],
  ])('fails where the answer is %s', async (_how, chat, code) => {
    const answer = synthesis({ retriever: listRetriever('list', hits(terms)), chat }).answer(question);
    await expect(answer).rejects.toMatchObject({ code });
  });
});
