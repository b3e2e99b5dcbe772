import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { estimateTokens } from '@packhouse/core';
import { scriptedOpenAI, type ScriptedOpenAI } from '@packhouse/llm/testing';
import { openAdmin } from '@packhouse/postgres';
import { toFile, type APIError } from 'openai';
import type { RunningServer } from './start.js';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from './testing/servers.js';
import { tcpGate, type TcpGate } from './testing/tcp-gate.js';

// A machine that is busy otherwise takes its time to start a server.
jest.setTimeout(240_000);

/** Enough for two answers at the same time, whose questions take some hundred tokens, and whose texts 1,024 at most. */
const TOKENS_PER_DAY = 3_500;
const ASK = { model: 'fusion', messages: [{ role: 'user' as const, content: 'When are refunds paid?' }] };
const PIECE = 'Refunds are paid within ten days [1]. ';
const ANSWER = { does: 'answer', pieces: [PIECE] } as const;
const DAY_MS = 86_400_000;
const TODAY = new Date().toISOString().slice(0, 10);

interface Usage {
  readonly data: readonly { readonly id: string; readonly results: readonly Record<string, string | number>[] }[];
  readonly has_more: boolean;
  readonly budget: Record<string, number | null>;
}

describe.each(testBeds())('a budget of tokens, on $name', ({ name, make }) => {
  let bed: TestBed;
  let gate: TcpGate | undefined;
  let server: RunningServer;
  let provider: ScriptedOpenAI;
  beforeAll(async () => {
    [bed, provider] = await Promise.all([make(), scriptedOpenAI()]);
    const url = bed.env['DATABASE_URL'];
    gate = url ? await tcpGate(url) : undefined;
    await start();
  });
  afterAll(async () => {
    gate?.open();
    await server?.close();
    await provider?.close();
    await gate?.close();
    await bed?.drop();
    rmSync(bed.env['PACKHOUSE_DATA'] as string, { recursive: true, force: true });
  });

  async function start() {
    const env = {
      ...bed.env,
      ...(gate && { DATABASE_URL: gate.url }),
      LLM: 'openai:tiny',
      OPENAI_BASE_URL: provider.baseUrl,
      TOKENS_PER_DAY: String(TOKENS_PER_DAY),
      DRAIN_TIMEOUT_SECONDS: '4',
    };
    server = await startOn({ ...bed, env });
  }

  /** A tenant that has something to ask of. */
  async function tenant(named: string) {
    const client = clientOf(server, named);
    const { id } = await client.vectorStores.create({});
    const text = Buffer.from('Refunds are paid within ten days.');
    await client.vectorStores.files.uploadAndPoll(id, await toFile(text, 'rules.txt'));
    return client;
  }

  async function usageOf(named: string, query = ''): Promise<Usage> {
    const headers = { authorization: `Bearer ${tokenFor(named, 'reader')}` };
    const response = await fetch(`${server.url}/v1/usage${query}`, { headers });
    expect(response.status).toBe(200);
    return (await response.json()) as Usage;
  }

  /** Once nothing of it is set aside any more. */
  async function settledUsageOf(named: string): Promise<Usage> {
    for (const end = Date.now() + 5_000; Date.now() < end; await sleep(20)) {
      const usage = await usageOf(named);
      if (usage.budget['reserved_tokens'] === 0) return usage;
    }
    throw new Error('It was never settled.');
  }

  const today = ({ data }: Usage) => data.find(({ id }) => id === TODAY)?.results;

  async function asAdmin(sql: string): Promise<void> {
    if (!bed.env['DATABASE_URL']) {
      return server.parts.db.tx(async (tx) => {
        await tx.query('set local role none');
        await tx.query(sql);
      });
    }
    const { db, close } = await openAdmin(bed.env['DATABASE_URL']);
    await db.query(sql).finally(close);
  }

  const caught = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      (error: unknown) => error as APIError,
    );

  it('counts what the provider counted, plain or streamed, and nothing where no model was asked', async () => {
    const client = await tenant('counted');
    const usage = { inputTokens: 40, outputTokens: 9 };
    expect(await usageOf('counted')).toMatchObject({ data: [], budget: { spent_tokens: 0 } });
    provider.play({ ...ANSWER, usage });
    await client.chat.completions.create(ASK);
    await Array.fromAsync(await client.chat.completions.create({ ...ASK, stream: true }));
    await client.chat.completions.create({ ...ASK, messages: [{ role: 'user', content: 'Zzyzx?' }] });
    const { data, budget } = await usageOf('counted');
    expect(data).toEqual([
      {
        id: TODAY,
        object: 'usage.day',
        input_tokens: 80,
        output_tokens: 18,
        results: [{ model: 'tiny', num_model_requests: 2, input_tokens: 80, output_tokens: 18, estimated_tokens: 0 }],
      },
    ]);
    const resets_at = (Math.floor(Date.now() / DAY_MS) + 1) * (DAY_MS / 1000);
    expect(budget).toEqual({
      tokens_per_day: TOKENS_PER_DAY,
      spent_tokens: 98,
      reserved_tokens: 0,
      remaining_tokens: TOKENS_PER_DAY - 98,
      resets_at,
    });
  });

  it('that is spent refuses with 429 before the provider is asked, until the day ends, and for its own tenant alone', async () => {
    const [spender, other] = [await tenant('spender'), await tenant('other')];
    provider.play({ ...ANSWER, usage: { inputTokens: TOKENS_PER_DAY - 100, outputTokens: 50 } });
    await spender.chat.completions.create(ASK);
    const asked = provider.requests.length;
    for (const stream of [false, true]) {
      const error = await caught(spender.chat.completions.create({ ...ASK, stream }));
      expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' });
      expect(error?.message).toMatch(/50 of today's 3500 are left: ask again from \d{4}-\d\d-\d\dT00:00:00.000Z/);
      expect(error?.headers?.get('x-should-retry')).toBe('false');
      const seconds = Number(error?.headers?.get('retry-after'));
      expect(Math.abs(Date.now() + seconds * 1000 - Math.ceil(Date.now() / DAY_MS) * DAY_MS)).toBeLessThan(5_000);
    }
    expect(provider.requests).toHaveLength(asked);
    await other.chat.completions.create(ASK);
    expect(provider.requests).toHaveLength(asked + 1);
    expect(today(await usageOf('spender'))).toEqual([expect.objectContaining({ num_model_requests: 1 })]);
  });

  it('is not passed by answers at the same time, and those that are left are counted once, with what was heard', async () => {
    const client = await tenant('many');
    provider.play({ does: 'stall', pieces: [PIECE] });
    const asked = provider.requests.length;
    const caller = new AbortController();
    const answers = Array.from({ length: 6 }, async () => {
      const stream = await client.chat.completions.create({ ...ASK, stream: true }, { signal: caller.signal });
      await stream[Symbol.asyncIterator]().next();
    });
    const begun = await Promise.allSettled(answers);
    const refused = begun.flatMap((each) => (each.status === 'rejected' ? [each.reason as APIError] : []));
    expect(refused).toHaveLength(4);
    for (const error of refused) {
      expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' });
      expect(['retry-after', 'x-should-retry'].map((header) => error.headers?.get(header))).toEqual(['5', 'true']);
    }
    while (provider.requests.length < asked + 2) await sleep(10);
    const hungUp = provider.hungUp();
    // What the provider has said is to have come.
    await sleep(200);
    caller.abort();
    await hungUp;
    const usage = await settledUsageOf('many');
    await sleep(200);
    expect(await usageOf('many')).toEqual(usage);
    const [{ estimated_tokens, input_tokens, output_tokens, num_model_requests } = {}] = today(usage)!;
    expect(num_model_requests).toBe(2);
    expect(output_tokens).toBe(2 * estimateTokens(PIECE));
    expect(estimated_tokens).toBe(Number(input_tokens) + Number(output_tokens));
    expect(provider.requests).toHaveLength(asked + 2);
  });

  it.each([
    ['amid its answer', { does: 'break', pieces: [PIECE] } as const, estimateTokens(PIECE)],
    ['before its first word, which costs nothing', { does: 'refuse', status: 500, message: 'No.' } as const, 0],
  ])('counts a provider that fails %s', async (when, script, output_tokens) => {
    const named = `failed-${script.does}`;
    const client = await tenant(named);
    provider.play(script);
    const answer = async () => Array.fromAsync(await client.chat.completions.create({ ...ASK, stream: true }));
    await expect(answer()).rejects.toMatchObject({ code: 'provider_failed' });
    const [row] = today(await settledUsageOf(named))!;
    expect(row).toMatchObject({ model: 'tiny', num_model_requests: 1, output_tokens });
    if (when.includes('nothing')) expect(row).toMatchObject({ input_tokens: 0, estimated_tokens: 0 });
    else expect(row!['estimated_tokens']).toBeGreaterThan(output_tokens);
  });

  it('that cannot be read spends nothing', async () => {
    const client = await tenant('unread');
    provider.play(ANSWER);
    const asked = provider.requests.length;
    await asAdmin('revoke all on packhouse.token_days from packhouse_app');
    const errors = [false, true].map((stream) => caught(client.chat.completions.create({ ...ASK, stream })));
    for (const error of await Promise.all(errors)) expect(error?.status).toBe(500);
    await asAdmin('grant select, insert, update, delete on packhouse.token_days to packhouse_app');
    gate?.shut();
    if (gate) expect(await caught(client.chat.completions.create(ASK))).toMatchObject({ status: 503 });
    gate?.open();
    expect(provider.requests).toHaveLength(asked);
    expect((await usageOf('unread')).data).toEqual([]);
  });

  it('is listed by day, a page at a time', async () => {
    await asAdmin(
      `insert into packhouse.token_usage (tenant_id, day, model, calls, input_tokens, output_tokens, estimated_tokens)
       select 'counted', day::date, 'older', 1, 2, 3, 0 from generate_series('2025-01-01', '2025-01-03', interval '1 day') day`,
    );
    const days = async (query: string) => {
      const { data, has_more } = await usageOf('counted', query);
      return [data.map(({ id }) => id), has_more];
    };
    expect(await days('?limit=2')).toEqual([[TODAY, '2025-01-03'], true]);
    expect(await days('?limit=2&after=2025-01-03')).toEqual([['2025-01-02', '2025-01-01'], false]);
    expect(await days('?order=asc&limit=1')).toEqual([['2025-01-01'], true]);
    expect(await days('?order=asc&before=2025-01-03')).toEqual([['2025-01-01', '2025-01-02'], false]);
    const headers = { authorization: `Bearer ${tokenFor('counted')}` };
    const refused = await fetch(`${server.url}/v1/usage?after=yesterday`, { headers });
    expect([refused.status, ((await refused.json()) as { error: object }).error]).toEqual([
      400,
      expect.objectContaining({ param: 'after' }),
    ]);
  });

  it(`counts an answer that the server’s end breaks off${name === 'PGlite' ? ', on the folder it leaves' : ''}`, async () => {
    const client = await tenant('drained');
    provider.play({ does: 'stall', pieces: [PIECE] });
    const stream = await client.chat.completions.create({ ...ASK, stream: true });
    const ended = expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'unavailable' });
    await server.close();
    await ended;
    await start();
    const usage = await usageOf('drained');
    expect(usage.budget).toMatchObject({ reserved_tokens: 0 });
    expect(today(usage)).toEqual([
      expect.objectContaining({ num_model_requests: 1, output_tokens: estimateTokens(PIECE) }),
    ]);
  });
});
