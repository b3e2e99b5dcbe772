import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { deflateSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '@packhouse/core';
import { describeReader } from '@packhouse/core/testing';
import { isolated } from './isolated.js';
import { READ_LIMITS } from './limits.js';
import { overProcess } from './reading-process.js';

const text = (content: string, filename = 'notes.txt'): SourceFile => ({ filename, bytes: Buffer.from(content) });
const shared = isolated();

const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
const FROM_SOURCE = ['--import', 'tsx', '--conditions', '@packhouse/source', '--input-type=module'];

describeReader(
  'isolated',
  () => shared,
  () => [text('A refund 💶 is paid.'), text('# Refunds', 'a.md'), pdf('BT /F1 12 Tf 72 700 Td (Refunds) Tj ET')],
);

/** A PDF of one page with these operators, packed. */
function pdf(operators: string | Buffer): SourceFile {
  const packed = deflateSync(operators, { level: 9 });
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${packed.length}/Filter/FlateDecode>>stream\n${packed.toString('latin1')}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ].map((object, index) => `${index + 1} 0 obj${object}endobj\n`);
  const bytes = Buffer.from(`%PDF-1.7\n${objects.join('')}trailer<</Root 1 0 R>>\n%%EOF`, 'latin1');
  return { filename: 'bomb.pdf', bytes };
}

/** 80 MB of operators in 80 kB: half a minute of work without a word. */
const bomb = () => pdf('q Q '.repeat(20_000_000));

describe('isolated', () => {
  it('ends a file that takes too long as that file’s failure, while this process goes on and the next is read', async () => {
    const reader = isolated({ processes: 1, timeoutMs: 2_000 });
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 20);
    const file = bomb();
    expect(file.bytes.length).toBeLessThan(100_000);
    const [failed, next] = await Promise.allSettled([reader.read(file), reader.read(text('the next'))]);
    clearInterval(ticking);
    expect(failed).toMatchObject({ reason: { code: 'too_large', message: expect.stringContaining('2000 ms') } });
    expect(next).toMatchObject({ value: { text: 'the next' } });
    expect(ticks).toBeGreaterThan(20);
  });

  it('ends a file that takes too much heap', async () => {
    const reader = isolated({ processes: 1, maxMemoryMb: 48 });
    const words = text('# a *b* `c` [d](e)\n\n'.repeat(150_000), 'big.md');
    await expect(reader.read(words)).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('MiB of memory'),
    });
    expect(await reader.read(text('the next'))).toMatchObject({ text: 'the next' });
  });

  it('ends a file whose buffers grow too large, which the engine does not bound', async () => {
    const reader = isolated({ processes: 1, maxMemoryMb: 64 });
    const file = pdf(Buffer.alloc(600 * 2 ** 20));
    await expect(reader.read(file)).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('MiB of memory'),
    });
  });

  it('refuses a file that is too large before it is handed over', async () => {
    const failure = isolated({ maxBytes: 10 }).read(text('eleven chars'));
    await expect(failure).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('10 bytes') });
  });

  it('ends a read whose caller goes, and a wait', async () => {
    const reader = isolated({ processes: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const reads = Promise.allSettled([reader.read(bomb(), first.signal), reader.read(text('x'), second.signal)]);
    const third = reader.read(text('third'));
    second.abort();
    setTimeout(() => first.abort(), 1_000);
    expect(await reads).toMatchObject([{ reason: { code: 'aborted' } }, { reason: { code: 'aborted' } }]);
    expect(await third).toMatchObject({ text: 'third' });
  });

  it('leaves the caller its bytes, whichever buffer they are a view of', async () => {
    const whole = Buffer.from('...the words...');
    const bytes = whole.subarray(3, 12);
    expect(await shared.read({ filename: 'a.txt', bytes })).toMatchObject({ text: 'the words' });
    expect(whole.toString()).toBe('...the words...');
  });

  it('reads what a PDF shows, not what it would run', async () => {
    const file = Buffer.from(pdf('BT /F1 12 Tf 72 700 Td (Words) Tj ET').bytes).toString('latin1');
    const action = '/OpenAction<</S/JavaScript/JS(app.alert\\(1\\); globalThis.ran = 1;)>>';
    const bytes = Buffer.from(file.replace('/Type/Catalog', `/Type/Catalog${action}`), 'latin1');
    expect(await shared.read({ filename: 'a.pdf', bytes })).toMatchObject({ text: 'Words' });
  });

  it('refuses a bound of memory in which nothing could be read', () => {
    expect(() => isolated({ maxMemoryMb: 16 })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('starts no process before there is a file, and keeps no process from ending', () => {
    const script = `
      import { isolated } from '@packhouse/readers';
      const reader = isolated();
      const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
      const before = children();
      const reading = reader.read({ filename: 'a.txt', bytes: Buffer.from('words') });
      await new Promise(setImmediate);
      const during = children();
      await reading;
      process.stdout.write([before, during, children()].join(' '));`;
    const printed = execFileSync(process.execPath, [...FROM_SOURCE, '--eval', script], {
      cwd: PACKAGE,
      encoding: 'utf8',
    });
    expect(printed).toBe('0 1 0');
  });
});

/** What a parser could come to, in a process of its own. */
async function processThat(does: string, timeoutMs: number) {
  const program = `process.on('message', () => { ${does} }); process.send('ready');`;
  const child = fork('-', {
    execArgv: ['--max-old-space-size=64', '--eval', program],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return overProcess(child, { ...READ_LIMITS, timeoutMs });
}

describe('a process that reads files', () => {
  it.each<[string, string, string, number?]>([
    ['throws', 'throw new Error("parser")', 'corrupt'],
    ['rejects', 'Promise.reject(new Error("parser"))', 'corrupt'],
    ['exits', 'process.exit(1)', 'corrupt'],
    ['crashes', 'process.kill(process.pid, "SIGSEGV")', 'corrupt'],
    ['is killed by someone', 'process.kill(process.pid, "SIGKILL")', 'internal'],
    ['overflows its stack', '(function deeper() { deeper(); })()', 'corrupt'],
    ['runs out of memory bit by bit', 'const all = []; for (;;) all.push({ at: all.length })', 'too_large'],
    ['runs out of memory at once', 'Array.from({ length: 1e8 }, (_, at) => at + 0.5)', 'too_large'],
    ['loops for ever', 'for (;;);', 'too_large', 500],
    ['is caught in a regular expression', '/^(a+)+$/.test("a".repeat(60) + "b")', 'too_large', 500],
    ['never answers', '', 'too_large', 500],
  ])('and %s ends with a typed error that names the file', async (_, does, code, timeoutMs = 20_000) => {
    const reading = await processThat(does, timeoutMs);
    const failure = reading.read(text('x'));
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(/^notes\.txt: /) });
    expect(reading.gone).toBe(true);
  });

  it('and ends with its parent, even in the middle of a file', async () => {
    const script = `
      import { subscribe } from 'node:diagnostics_channel';
      import { isolated } from '@packhouse/readers';
      subscribe('child_process', ({ process: child }) => child.once('message', () => console.log(child.pid)));
      await isolated().read({ filename: 'bomb.pdf', bytes: Buffer.from(process.env.BOMB, 'base64') });`;
    const env = { ...process.env, BOMB: Buffer.from(bomb().bytes).toString('base64') };
    const parent = spawn(process.execPath, [...FROM_SOURCE, '--eval', script], { cwd: PACKAGE, env });
    const [pid] = await once(parent.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 500));
    parent.kill('SIGKILL');
    while (isRunning(Number(pid))) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
