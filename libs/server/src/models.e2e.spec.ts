import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTinyModel } from '@packhouse/embedding/testing';
import { scriptedOpenAI, type ScriptedOpenAI } from '@packhouse/llm/testing';
import { toFile, type OpenAI } from 'openai';
import { readSettings } from './settings/settings.js';
import { startServer, type RunningServer } from './start.js';
import { clientOf, prepared } from './testing/servers.js';

const TEXT = 'The lamp is lit half an hour before sunset. Refunds are paid within ten days.';
const question = [{ role: 'user' as const, content: 'When are refunds paid?' }];

async function filled(server: RunningServer): Promise<{ acme: OpenAI; store: string }> {
  const acme = clientOf(server, 'acme');
  const { id: store } = await acme.vectorStores.create({ name: 'Rules' });
  await acme.vectorStores.files.uploadAndPoll(store, await toFile(Buffer.from(TEXT), 'rules.txt'));
  return { acme, store };
}

describe('with LLM=openai', () => {
  let provider: ScriptedOpenAI;
  let server: RunningServer;
  let acme: OpenAI;
  beforeAll(async () => {
    provider = await scriptedOpenAI();
    const env = { ...(await prepared()), LLM: 'openai:tiny', OPENAI_BASE_URL: provider.baseUrl };
    server = await startServer(readSettings(env));
    ({ acme } = await filled(server));
  });
  afterAll(async () => {
    await server?.close();
    await provider.close();
  });

  it("answers in the model's words, each claim cited where the passage carries it", async () => {
    provider.play({
      does: 'answer',
      pieces: ['Refunds are paid within ten days [1]. ', 'The keeper is called Ada [1].'],
      usage: { inputTokens: 40, outputTokens: 9 },
    });
    const { choices, usage } = await acme.chat.completions.create({ model: 'fusion', messages: question });
    const { annotations, content } = choices[0]!.message as unknown as {
      content: string;
      annotations: { file_citation: { quote: string; filename: string } }[];
    };
    expect(content).toContain('Refunds are paid within ten days');
    expect(annotations).toHaveLength(1);
    expect(annotations[0]!.file_citation).toMatchObject({
      filename: 'rules.txt',
      quote: expect.stringContaining('Refunds are paid within ten days.'),
    });
    expect(usage).toEqual({ prompt_tokens: 40, completion_tokens: 9, total_tokens: 49 });
    expect(provider.requests.at(-1)!.body).toMatchObject({ model: 'tiny' });
  });

  it('streams them', async () => {
    provider.play({ does: 'answer', pieces: ['Refunds are paid ', 'within ten days [1].'] });
    const stream = await acme.chat.completions.create({ model: 'fusion', messages: question, stream: true });
    const deltas = (await Array.fromAsync(stream)).map(({ choices }) => choices[0]?.delta.content ?? '');
    expect(deltas.join('')).toContain('Refunds are paid within ten days');
  });

  it('hangs up on the model when the caller goes away', async () => {
    provider.play({ does: 'stall', pieces: ['Refunds '] });
    const hungUp = provider.hungUp();
    const stream = await acme.chat.completions.create({ model: 'fusion', messages: question, stream: true });
    stream.controller.abort();
    await hungUp;
  });

  it("says 502 of a provider's failure, and no more of it", async () => {
    provider.play({ does: 'refuse', status: 500, message: 'stack trace of the provider' });
    const refused = acme.chat.completions.create({ model: 'fusion', messages: question });
    await expect(refused).rejects.toMatchObject({ status: 502, code: 'provider_failed' });
    await expect(refused).rejects.not.toThrow('stack trace');
  });
});

describe('with EMBEDDING=huggingface', () => {
  it('searches by meaning too, and a change of model loses nothing', async () => {
    const models = mkdtempSync(join(tmpdir(), 'models-'));
    await writeTinyModel(join(models, 'tiny'));
    const env = await prepared();
    const learned = { ...env, EMBEDDING: 'huggingface:tiny', MODEL_DIR: models };

    const first = await startServer(readSettings(learned));
    const { acme, store } = await filled(first);
    const search = { query: 'refunds paid', max_num_results: 3 };
    expect((await acme.vectorStores.search(store, search)).data).toHaveLength(1);
    await first.close();

    const second = await startServer(readSettings(env));
    expect((await clientOf(second, 'acme').vectorStores.search(store, search)).data).toHaveLength(1);
    await second.close();
  });
});
