import { describeReader } from '@packhouse/core/testing';
import { json } from './json.js';

const file = (source: string, filename = 'data.json') => ({ filename, bytes: Buffer.from(source) });
const textOf = async (source: string, filename?: string) => (await json().read(file(source, filename))).text;

describeReader('json', json, () => [file('{"refund": "💶 within ten days"}'), file('{"a":1}\n{"a":2}', 'x.jsonl')]);

describe('json', () => {
  it('writes each value with the names that lead to it, and the members of a list apart', async () => {
    const source = { shop: { city: 'Bern', open: true }, orders: [{ id: 1, tags: ['new', 'big'] }, { id: 2 }] };
    expect(await textOf(JSON.stringify(source))).toBe(
      'shop / city: Bern\nshop / open: true\n\norders / id: 1\norders / tags: new, big\n\norders / id: 2',
    );
  });

  it('reads JSON Lines, and says in which line one is broken', async () => {
    expect(await textOf('{"a":"x"}\n\n{"a":"y"}\n', 'log.ndjson')).toBe('a: x\n\na: y');
    await expect(textOf('{"a":1}\n{"a":', 'log.jsonl')).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('line 2'),
    });
  });

  it('keeps every digit of a number', async () => {
    expect(await textOf('{"id":12345678901234567890,"x":1.10}')).toBe('id: 12345678901234567890\nx: 1.10');
  });

  it('skips comments and what says nothing', async () => {
    expect(await textOf('{\n// why\n"a": "x", "b": null, "c": "", "d": [],\n}')).toBe('a: x');
    await expect(textOf('{"a":null}')).rejects.toMatchObject({ code: 'empty' });
  });

  it('takes any name for a name', async () => {
    expect(await textOf('{"__proto__":{"admin":true},"constructor":"x"}')).toBe(
      '__proto__ / admin: true\nconstructor: x',
    );
    expect({}).not.toHaveProperty('admin');
  });

  it('mends half a surrogate and drops NUL', async () => {
    expect(await textOf('{"a":"x\\ud800y\\u0000z"}')).toBe('a: x\u{FFFD}yz');
  });

  it.each(['{"a":1', '{"a":1}}', '[1,2', '{a:1}', 'words', '{"a":1}{"a":2}', '"\\x"'])('refuses %s', async (source) => {
    await expect(textOf(source)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('refuses values nested too deep, at once', async () => {
    for (const source of ['['.repeat(1_000_000), '{"a":'.repeat(1_000_000), '['.repeat(101) + ']'.repeat(101)]) {
      await expect(textOf(source)).rejects.toMatchObject({ code: 'too_large' });
    }
  });

  it('refuses what would grow too long by the names before its values', async () => {
    const source = `{"${'n'.repeat(500)}":{${Array.from({ length: 500 }, (_, index) => `"${index}":1`).join(',')}}}`;
    await expect(json({ maxCharacters: 10_000 }).read(file(source))).rejects.toMatchObject({ code: 'too_large' });
  });
});
