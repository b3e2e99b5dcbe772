import { PackhouseError } from '../errors.js';
import type { ChatModel, Completion, CompletionEvent } from '../ports/chat-model.js';
import { tenantId } from '../tenant.js';
import { memoryBudget } from '../testing/fakes/memory-budget.js';
import { scriptedChat } from '../testing/fakes/scripted-chat.js';
import { estimateTokens } from '../text/estimate-tokens.js';
import { budgeted } from './budgeted.js';

const ACME = tenantId('acme');
const ASK = [{ role: 'user', content: 'How long does a refund take?' }] as const;
const ASKED = estimateTokens(JSON.stringify(ASK));
const NONE = { inputTokens: 0, outputTokens: 0 };
const BOUND = { maxTokens: 50 };

const collect = (stream: AsyncIterable<CompletionEvent>) => Array.fromAsync(stream);
const budgetOf = (tokensPerDay = 1_000) => memoryBudget({ tokensPerDay, lapseSeconds: 60 });

/** Says these words, then ends as told. */
const saying = (words: readonly string[], end: () => Promise<Completion>): ChatModel => ({
  ...scriptedChat([]),
  complete: end,
  async *stream() {
    for (const text of words) yield { type: 'text', text };
    yield { type: 'done', completion: await end() };
  },
});
const failing = (words: readonly string[], code: 'provider_failed' | 'provider_refused' | 'timeout') =>
  saying(words, () => Promise.reject(new PackhouseError(code, 'On purpose.')));
const silent = (words: readonly string[]) => saying(words, () => new Promise(() => undefined));

describe('a budgeted chat model', () => {
  it.each(['complete', 'stream'] as const)('is the model it was, and its answers are counted: %s', async (how) => {
    const [budget, plain, chat] = [budgetOf(), scriptedChat(['Ten days.']), scriptedChat(['Ten days.'])];
    const model = budgeted(chat, budget.forTenant(ACME));
    expect([model.model, model.contextWindow]).toEqual([chat.model, chat.contextWindow]);
    if (how === 'complete') expect(await model.complete(ASK, BOUND)).toEqual(await plain.complete(ASK, BOUND));
    else expect(await collect(model.stream(ASK, BOUND))).toEqual(await collect(plain.stream(ASK, BOUND)));
    expect(chat.calls).toEqual(plain.calls);
    expect(budget.calls).toEqual([
      { tenant: ACME, model: 'scripted', inputTokens: 6, outputTokens: 2, estimated: false },
    ]);
  });

  it('sets aside the question and the bound of the answer, or else the whole window', async () => {
    const budget = budgetOf(9_000).forTenant(ACME);
    const model = budgeted(silent([]), budget);
    void model.complete(ASK, BOUND);
    expect(await budget.today()).toMatchObject({ reserved: ASKED + 50 });
    void model.complete(ASK);
    expect(await budget.today()).toMatchObject({ reserved: ASKED + 50 + model.contextWindow });
  });

  it.each(['complete', 'stream'] as const)('is not asked where too little is left: %s', async (how) => {
    const chat = scriptedChat(['Ten days.']);
    const model = budgeted(chat, budgetOf(ASKED + 49).forTenant(ACME));
    const asked = how === 'complete' ? model.complete(ASK, BOUND) : collect(model.stream(ASK, BOUND));
    await expect(asked).rejects.toMatchObject({ code: 'insufficient_quota' });
    expect(chat.calls).toEqual([]);
  });

  it('is not asked where the budget cannot be read', async () => {
    const chat = scriptedChat(['Ten days.']);
    const down = () => Promise.reject(new PackhouseError('unavailable', 'The database is away.'));
    const model = budgeted(chat, { reserve: down, today: down });
    await expect(model.complete(ASK, BOUND)).rejects.toMatchObject({ code: 'unavailable' });
    expect(chat.calls).toEqual([]);
  });

  it('counts what was heard of an answer that is left', async () => {
    const budget = budgetOf();
    for await (const event of budgeted(silent(['Ten ', 'days']), budget.forTenant(ACME)).stream(ASK, BOUND)) {
      if (event.type === 'text' && event.text === 'days') break;
    }
    const heard = { inputTokens: ASKED, outputTokens: estimateTokens('Ten days'), estimated: true };
    expect(budget.calls).toEqual([expect.objectContaining(heard)]);
  });

  it('counts it once for a caller who has gone and reads no further', async () => {
    const [budget, caller] = [budgetOf(), new AbortController()];
    const model = budgeted(scriptedChat(['Ten days.']), budget.forTenant(ACME));
    const stream = model.stream(ASK, { ...BOUND, signal: caller.signal })[Symbol.asyncIterator]();
    await stream.next();
    caller.abort();
    const heard = [expect.objectContaining({ outputTokens: estimateTokens('Ten'), estimated: true })];
    expect(budget.calls).toEqual(heard);
    await stream.return?.();
    expect(budget.calls).toEqual(heard);
  });

  it.each([
    ['amid the answer', failing(['Ten'], 'provider_failed'), { inputTokens: ASKED, outputTokens: 1, estimated: true }],
    ['before its first word', failing([], 'provider_failed'), { ...NONE, estimated: false }],
    ['by refusing', failing([], 'provider_refused'), { ...NONE, estimated: false }],
    ['by silence, which may cost', failing([], 'timeout'), { inputTokens: ASKED, outputTokens: 0, estimated: true }],
  ])('counts a provider that fails %s', async (_, chat, cost) => {
    const budget = budgetOf();
    await expect(collect(budgeted(chat, budget.forTenant(ACME)).stream(ASK, BOUND))).rejects.toThrow('On purpose.');
    expect(budget.calls).toEqual([expect.objectContaining(cost)]);
    expect(await budget.forTenant(ACME).today()).toMatchObject({ reserved: 0 });
  });

  it('counts by an estimate what a provider does not count', async () => {
    const budget = budgetOf();
    const completion = { text: 'Ten days.', finish: 'stop', usage: NONE } as const;
    const model = budgeted(
      saying([completion.text], async () => completion),
      budget.forTenant(ACME),
    );
    await model.complete(ASK, BOUND);
    await collect(model.stream(ASK, BOUND));
    const cost = { inputTokens: ASKED, outputTokens: 3, estimated: true };
    expect(budget.calls).toEqual([expect.objectContaining(cost), expect.objectContaining(cost)]);
  });
});
