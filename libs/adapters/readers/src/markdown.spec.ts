import { describeReader } from '@packhouse/core/testing';
import { markdown } from './markdown.js';

const file = (source: string) => ({ filename: 'notes.md', bytes: Buffer.from(source) });
const textOf = async (source: string) => (await markdown().read(file(source))).text;

describeReader('markdown', markdown, () => [file('# Refunds 💶\n\nA refund is **paid** within ten days.\n')]);

describe('markdown', () => {
  it('drops the marks and keeps the words', async () => {
    const source = `Setext
======

A *refund* is \`paid\` [here](https://x.test "t"), ![alt text](i.png)~~not~~ <b>soon</b>.
Wrapped line.

> Quoted
> words.

***

https://auto.test and a note[^1].

[^1]: The note.`;
    expect(await textOf(source)).toBe(
      'Setext\n\nA refund is paid here, alt textnot soon.\nWrapped line.\n\nQuoted\nwords.\n\nhttps://auto.test and a note.\n\nThe note.',
    );
  });

  it('keeps list items, nested ones indented, on lines of their own', async () => {
    expect(await textOf('- one\n  - inner\n- two\n\n  more of two\n\n3. three\n4. four')).toBe(
      '- one\n  - inner\n- two\n\n  more of two\n3. three\n4. four',
    );
  });

  it('keeps lines of code as they are', async () => {
    expect(await textOf('```ts\nif (x) {\n  *y*();\n}\n```')).toBe('if (x) {\n  *y*();\n}');
  });

  it('writes a table one line a row', async () => {
    expect(await textOf('| Item | Price |\n| --- | ---: |\n| **Apples** | 1.99 |')).toBe('Item | Price\nApples | 1.99');
  });

  it('reads HTML between the paragraphs as a web page', async () => {
    expect(await textOf('Before\n\n<details><summary>More</summary><script>x</script></details>\n\nAfter')).toBe(
      'Before\n\nMore\n\nAfter',
    );
  });

  it('takes the first heading of level 1 for the title', async () => {
    expect(await markdown().read(file('## Sub\n\n# The *title*\n\nText'))).toMatchObject({ title: 'The title' });
    expect(await markdown().read(file('Text'))).not.toHaveProperty('title');
  });

  it('reads as plain text what would take minutes to parse', async () => {
    for (const source of ['a**b'.repeat(50_000), '[a](<b'.repeat(50_000), `${' '.repeat(2_000)}- a`.repeat(500)]) {
      expect(await textOf(source)).toBe(source.trim());
    }
  });

  it('refuses nesting too deep to walk', async () => {
    await expect(textOf('> - '.repeat(1_500) + 'x')).rejects.toMatchObject({ code: 'corrupt' });
  });
});
