import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tenantId } from '@packhouse/core';
import { writeTinyModel } from '@packhouse/embedding/testing';
import { asTenant, generations, questions } from '@packhouse/postgres';
import { toFile } from 'openai';
import { runGenerationCommand, type GenerationCommand } from './generations/operator.js';
import { readSettings } from './settings/settings.js';
import { startServer, type RunningServer } from './start.js';
import { clientOf, testBeds, type TestBed } from './testing/servers.js';

const ACME = tenantId('acme');
const TEXTS = ['The lamp is lit half an hour before sunset.', 'Refunds are paid within ten days.'];
const SEARCH = { query: 'refunds paid', max_num_results: 5 };
const HASHED = 'hashed-v1-384';
const TINY = expect.stringMatching(/^tiny#/);

describe.each(testBeds())('a change of EMBEDDING on $name', ({ make }) => {
  // Servers start one after another, on PGlite each with a database of its own to open.
  jest.setTimeout(120_000);
  const models = mkdtempSync(join(tmpdir(), 'models-'));
  let bed: TestBed;
  let server: RunningServer | undefined;
  beforeAll(() => writeTinyModel(join(models, 'tiny')));
  beforeEach(async () => (bed = await make()));
  afterEach(async () => {
    await stop();
    await bed.drop();
  });

  const learned = { EMBEDDING: 'huggingface:tiny', MODEL_DIR: models };
  const settings = (more = {}) => readSettings({ ...bed.env, ...more });
  const start = async (more = {}) => (server = await startServer(settings(more)));
  const stop = async () => {
    await server?.close();
    server = undefined;
  };
  const list = async () => asTenant(server!.parts.db, ACME, (tx) => generations.list(tx));
  const upload = async (store: string, text: string) =>
    clientOf(server!, ACME).vectorStores.files.uploadAndPoll(store, await toFile(Buffer.from(text), 'a.txt'));
  const newStore = async () => (await clientOf(server!, ACME).vectorStores.create({ name: 'Rules' })).id;
  const hits = async (store: string) => (await clientOf(server!, ACME).vectorStores.search(store, SEARCH)).data.length;
  const ask = (model: string) =>
    clientOf(server!, ACME).chat.completions.create({ model, messages: [{ role: 'user', content: 'refunds paid' }] });
  const until = async (holds: () => Promise<boolean>) => {
    for (const end = Date.now() + 20_000; !(await holds());) {
      if (Date.now() > end) throw new Error(`It did not come to that: ${JSON.stringify(await list())}`);
      await sleep(50);
    }
  };
  const isActive = async (model: string) =>
    (await list()).some((generation) => generation.state === 'active' && generation.model.startsWith(model));
  const findings = async (command: GenerationCommand, more = {}) =>
    Array.fromAsync(runGenerationCommand(settings(more), command, undefined));
  const operate = async (...args: Parameters<typeof findings>) =>
    (await findings(...args)).flatMap(({ lines }) => lines);

  it('goes on answering, brings the tenant over, and keeps the way back', async () => {
    await start();
    const store = await newStore();
    for (const text of TEXTS) await upload(store, text);
    await stop();

    await start({ ...learned, EMBEDDING_PREVIOUS: 'hashed' });
    expect(await hits(store)).toBeGreaterThan(0);
    await until(() => isActive('tiny'));
    expect(await hits(store)).toBeGreaterThan(0);
    // What comes while both are open has vectors of both.
    await upload(store, 'Refunds of deposits are paid at once.');
    const missing = await asTenant(server!.parts.db, ACME, async (tx) =>
      Promise.all((await generations.list(tx)).map(({ generation }) => generations.missing(tx, generation))),
    );
    expect(missing).toEqual([0, 0]);
    await stop();

    expect(await operate('status', learned)).toEqual([
      `acme  retired  ${HASHED}  384 dimensions  0 missing`,
      expect.stringMatching(/^acme {2}active {2}tiny#.* 0 missing$/),
    ]);
    const about = { tenant: 'acme', state: 'retired', model: HASHED, dimensions: 384, missing: 0, held: null };
    expect((await findings('status', learned))[0]).toMatchObject({ about });
    expect(await operate('rollback')).toEqual([
      expect.stringMatching(/^acme {2}rolled back {2}tiny#.* -> hashed-v1-384/),
    ]);
    await start({ ...learned, EMBEDDING_PREVIOUS: 'hashed' });
    expect(await hits(store)).toBeGreaterThan(0);
    await sleep(500);
    expect(await isActive('hashed')).toBe(true);
    expect((await list())[1]).toMatchObject({ model: TINY, state: 'retired', held: 'It was rolled back from.' });
  });

  it('searches by words alone while the earlier model is not at hand', async () => {
    await start(learned);
    const store = await newStore();
    await upload(store, TEXTS[1] as string);
    await stop();

    await start();
    // Nobody brings it over now.
    await server!.parts.builds.stop();
    expect(await hits(store)).toBe(1);
    expect((await ask('hybrid')).choices[0]?.message.content).toContain('Refunds');
    await expect(ask('dense')).rejects.toMatchObject({ status: 503, code: 'unavailable' });
    await stop();

    await start();
    expect(await hits(store)).toBe(1);
    await until(() => isActive('hashed'));
    expect((await ask('dense')).choices[0]?.message.content).toContain('Refunds');
  });

  it('is made by hand: build, compare, switch, drop', async () => {
    await start(learned);
    const store = await newStore();
    for (const text of TEXTS) await upload(store, text);
    await hits(store);
    await stop();

    const both = { EMBEDDING_PREVIOUS: 'huggingface:tiny', MODEL_DIR: models };
    await expect(operate('switch', both)).rejects.toMatchObject({ code: 'conflict' });
    expect(await operate('build', both)).toEqual([`acme  built  ${HASHED}`]);
    expect(await operate('compare', both)).toEqual([
      expect.stringMatching(/^acme {2}tiny#.* -> hashed-v1-384$/),
      expect.stringMatching(/^acme {2}overlap@10 {2}\d\.\d\d {2}of 1 questions$/),
      expect.stringMatching(/^acme {2}hit@10 {2}1\.00 -> 1\.00 {2}of 2 known items$/),
    ]);
    expect(await operate('switch', both)).toEqual([expect.stringMatching(/^acme {2}switched {2}tiny#.* -> hashed/)]);
    expect(await operate('drop', both)).toEqual([expect.stringMatching(/^acme {2}dropped {2}tiny#/)]);
    expect(await operate('status')).toEqual([`acme  active  ${HASHED}  384 dimensions  0 missing`]);
  });

  it('keeps no question where that is turned off', async () => {
    await start({ KEEP_QUESTIONS: 'false' });
    const store = await newStore();
    await upload(store, TEXTS[1] as string);
    await hits(store);
    await server!.parts.beside.settled();
    expect(await asTenant(server!.parts.db, ACME, (tx) => questions.list(tx))).toEqual([]);
  });
});
