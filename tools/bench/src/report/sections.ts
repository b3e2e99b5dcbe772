import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const RESULTS = new URL('../../RESULTS.md', import.meta.url);

/** Puts a section of RESULTS.md in the place of its older self. */
export async function writeSection(name: string, text: string): Promise<void> {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const page = readFileSync(RESULTS, 'utf8');
  const [before, rest] = cut(page, begin);
  const after = cut(rest, end)[1];
  const filled = `${before}${begin}\n\n${text}\n\n${end}${after}`;
  const options = await resolveConfig(RESULTS);
  writeFileSync(RESULTS, await format(filled, { ...options, parser: 'markdown' }));
}

function cut(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`RESULTS.md has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
