import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenantId } from '@packhouse/core';
import { clientOf, startOn, testBeds, tokenFor, type TestBed } from '@packhouse/server/testing';
import { packhouse as run, start } from './testing/packhouse.js';

const folder = () => mkdtemp(join(tmpdir(), 'packhouse-cli-'));

/** Files by name, in a folder of their own. */
async function written(files: Record<string, string>): Promise<string> {
  const root = await folder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

describe.each(testBeds())('the command line on $name', ({ make }) => {
  let bed: TestBed;
  let server: Awaited<ReturnType<typeof startOn>>;

  beforeAll(async () => {
    bed = await make();
    server = await startOn(bed);
  });
  afterAll(async () => {
    await server?.close();
    await bed?.drop();
  });

  const env = (tenant: string, role?: 'reader') => ({
    PACKHOUSE_URL: server.url,
    PACKHOUSE_TOKEN: tokenFor(tenant, role),
  });
  const packhouse = (tenant: string, args: string[], from?: string) => run(args, env(tenant), from);
  const client = (tenant: string) => clientOf(server, tenant);

  it('ingests folders, says why a file failed, and finds and answers from the others', async () => {
    const root = await written({
      'docs/lamp.txt': 'The lamp is lit before sunset.',
      'docs/deep/form.md': '# Form\n\nAsk the harbour master for the form.',
      'docs/copy.txt': 'The lamp is lit before sunset.',
      'docs/.hidden/secret.txt': 'Nobody reads this.',
      'docs/broken.pdf': '%PDF-1.7 and no more',
    });
    const { code, stdout, stderr } = await start(['ingest', 'docs', 'nowhere.txt'], env('a'), root).ended;
    expect(stdout).toMatch(/^2 ingested, 1 there already, 2 failed, in store "default" \(vs_\w+\)\.\n$/);
    // How far it is, too, where it takes a while.
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => !/^\d of 4 files$/.test(line))).toEqual([
      'failed  nowhere.txt: ENOENT: no such file or directory',
      expect.stringMatching(/^failed {2}docs\/broken\.pdf: corrupt: /),
      'packhouse: 2 files failed.',
    ]);
    expect(code).toBe(1);

    const search = await packhouse('a', ['search', 'sunset', 'lamp']);
    expect(search.stdout).toMatch(/^1\. (lamp|copy)\.txt {2}[\d.]+\n {3}The lamp is lit before sunset\.\n$/);
    const found = JSON.parse((await packhouse('a', ['search', 'secret', '--json'])).stdout);
    expect(found.data).toEqual([]);

    const ask = await packhouse('a', ['ask', 'Who has the form?', '--store', 'default']);
    expect(ask.stdout).toBe(
      'Ask the harbour master for the form.\n\n[1] form.md: "Ask the harbour master for the form."\n',
    );
    expect(JSON.parse((await packhouse('a', ['ask', 'Who has the form?', '--json'])).stdout)).toMatchObject({
      answer: 'Ask the harbour master for the form.',
      citations: [{ number: 1, filename: 'form.md', page: null, quote: 'Ask the harbour master for the form.' }],
    });
  });

  it('sends nothing twice, tries again what failed, and sends what changed', async () => {
    const root = await written({ 'a.txt': 'Anchors are heavy.', 'b.txt': 'Buoys are light.', 'c.pdf': 'no PDF' });
    const ingest = async () => {
      const { stdout } = await start(['ingest', '.', '--store', 'Things', '--json'], env('b'), root).ended;
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      return { files: new Map(lines.slice(0, -1).map(({ path, ...rest }) => [path, rest])), ...lines.at(-1) };
    };
    const first = await ingest();
    expect(first.totals).toEqual({ ingested: 2, unchanged: 0, failed: 1, left: 0 });
    const uploads = (await client('b').files.list()).data.length;

    const second = await ingest();
    expect(second.totals).toEqual({ ingested: 0, unchanged: 2, failed: 1, left: 0 });
    expect(second.files.get('a.txt')).toEqual({ outcome: 'unchanged', file_id: first.files.get('a.txt').file_id });
    expect(second.files.get('c.pdf')).toEqual(first.files.get('c.pdf'));
    expect((await client('b').files.list()).data).toHaveLength(uploads);

    await writeFile(join(root, 'b.txt'), 'Buoys are green.');
    await rm(join(root, 'c.pdf'));
    expect((await ingest()).totals).toEqual({ ingested: 1, unchanged: 1, failed: 0, left: 0 });
  });

  it('sends a file again under another name where the first one was the fault', async () => {
    const root = await written({ 'notes.bin': 'Notes are plain text.' });
    expect((await start(['ingest', 'notes.bin'], env('c'), root).ended).code).toBe(1);
    await writeFile(join(root, 'notes.txt'), 'Notes are plain text.');
    expect((await packhouse('c', ['ingest', 'notes.txt'], root)).stdout).toContain('1 ingested');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('goes on after %s where it was', async (signal, code) => {
    const tenant = `broken-${signal}`;
    const names = Array.from({ length: 30 }, (_, n) => `file${n}.txt`);
    const root = await written(Object.fromEntries(names.map((name) => [name, `What ${name} says. `.repeat(400)])));
    const { child, ended } = start(['ingest', '.', '--json'], env(tenant), root);
    await new Promise((done) => child.stdout!.once('data', done));
    child.kill(signal);
    expect((await ended).code).toBe(code);

    const { totals } = JSON.parse(
      (await packhouse(tenant, ['ingest', '.', '--json'], root)).stdout.trimEnd().split('\n').at(-1)!,
    );
    expect(totals).toMatchObject({ failed: 0, left: 0 });
    expect(totals.unchanged).toBeGreaterThan(0);
    const [store, ...others] = (await client(tenant).vectorStores.list()).data;
    expect(others).toEqual([]);
    expect(store!.file_counts).toMatchObject({ total: 30, completed: 30 });
  });

  it('lists stores and files, and deletes both', async () => {
    const root = await written({ 'tide.txt': 'The tide turns at noon.' });
    const made = await packhouse('d', ['stores', 'create', 'Tides', '--language', 'en']);
    await packhouse('d', ['ingest', 'tide.txt', '--store', 'Tides'], root);
    expect((await packhouse('d', ['stores'])).stdout).toMatch(/^ID .*\nvs_\w+ +Tides +en +1 +0 /);
    const [file] = JSON.parse((await packhouse('d', ['files', 'list', '--store', 'Tides', '--json'])).stdout);
    expect(file).toMatchObject({ filename: 'tide.txt', status: 'completed' });
    expect((await packhouse('d', ['files', 'status', file.id])).stdout).toMatch(/tide\.txt +Tides +completed\n$/);
    await packhouse('d', ['files', 'delete', file.id]);
    expect((await packhouse('d', ['files'])).stdout).toBe('There are no files.\n');
    await packhouse('d', ['stores', 'delete', made.stdout.trim()]);
    expect(JSON.parse((await packhouse('d', ['stores', '--json'])).stdout)).toEqual([]);
  });

  it('says what answers cost, and that extracted ones cost nothing', async () => {
    const root = await written({ 'tide.txt': 'The tide turns at noon.' });
    await packhouse('u', ['ingest', 'tide.txt'], root);
    await packhouse('u', ['ask', 'When does the tide turn?']);
    expect((await packhouse('u', ['usage'])).stdout).toBe('0 tokens today; there is no limit.\n');
    const call = { inputTokens: 300, outputTokens: 20 };
    const reservation = await server.parts.budget.forTenant(tenantId('u')).reserve({ ...call, model: 'tiny' });
    await reservation.settle({ ...call, estimated: true });
    expect((await packhouse('u', ['usage'])).stdout).toMatch(
      /^DAY .*ESTIMATED\n\d{4}-\d\d-\d\d +tiny +1 +300 +20 +320\n320 tokens today; there is no limit.\n$/,
    );
    expect(JSON.parse((await packhouse('u', ['usage', '--json'])).stdout)).toMatchObject({
      data: [{ input_tokens: 300 }],
      budget: { spent_tokens: 320 },
    });
  });

  it('names the stores that there are where one is not', async () => {
    await packhouse('e', ['stores', 'create', 'Tides']);
    await expect(packhouse('e', ['search', 'x', '--store', 'Tide'])).rejects.toMatchObject({
      code: 1,
      stderr: 'packhouse: There is no vector store "Tide". There is Tides.\n',
    });
    await packhouse('e', ['stores', 'create', 'Tides']);
    await expect(packhouse('e', ['ask', 'x', '--store', 'Tides'])).rejects.toMatchObject({
      stderr: expect.stringMatching(/2 stores are named "Tides": say which by its id, vs_\w+ or vs_\w+\.\n$/),
    });
  });

  it('says which token it takes', async () => {
    const refused = (token: string) => start(['ingest', '.'], { ...env('f'), PACKHOUSE_TOKEN: token }).ended;
    expect(await refused(tokenFor('f', 'reader'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('packhouse token --tenant NAME --role writer'),
    });
    expect(await refused('a.b.c')).toMatchObject({ code: 1, stderr: expect.stringContaining('Set PACKHOUSE_TOKEN') });
  });

  it('makes a token up in development, with the secret of the server', async () => {
    const { JWT_SECRET, JWT_AUDIENCE } = bed.env as Record<string, string>;
    const found = await run(['stores', '--json'], {
      PACKHOUSE_URL: server.url,
      PACKHOUSE_DATA: await folder(),
      JWT_SECRET: JWT_SECRET!,
      JWT_AUDIENCE: JWT_AUDIENCE!,
    });
    expect(JSON.parse(found.stdout)).toEqual([]);
  });
});
