import { posix } from 'node:path';
import { throwIfAborted, type SourceFile } from '@packhouse/core';
import { refuseTooLong } from './extracted.js';
import { wordBlocks } from './word-blocks.js';
import { refusal } from './refusal.js';
import { walkXml } from './xml.js';
import { openZip, type Archive } from './zip.js';

/** @throws PackhouseError `corrupt`, `encrypted`, `too_large`, or what the archive's and XML's parsers throw */
export async function docxText(file: SourceFile, maxCharacters: number, signal: AbortSignal | undefined) {
  const archive = await openZip(file);
  const [main] = await related(archive, '', 'officeDocument');
  if (main === undefined) throw refusal('corrupt', file, 'there is no document in it.');
  const notes = [...(await related(archive, main, 'footnotes')), ...(await related(archive, main, 'endnotes'))];
  const texts: string[] = [];
  let left = maxCharacters;
  for (const part of [main, ...notes]) {
    throwIfAborted(signal);
    const blocks = wordBlocks((length) => refuseTooLong(file, length, left));
    await walkXml(archive.part(part), blocks);
    const text = blocks.joined();
    left -= text.length;
    texts.push(text);
  }
  return { text: texts.filter((text) => text !== '').join('\n\n'), title: await titleOf(archive) };
}

/**
 * The parts of a kind that a part (or the package, '') is related to. Names that are not in the archive lead nowhere,
 * whatever they look like, and links to the world outside are not followed.
 */
async function related(archive: Archive, from: string, kind: string): Promise<string[]> {
  const { dir, base } = posix.parse(from);
  const relationships = posix.join(dir, '_rels', `${base}.rels`);
  const targets: string[] = [];
  if (!archive.has(relationships)) return targets;
  await walkXml(archive.part(relationships), {
    open({ local, attributes: { Type, Target, TargetMode } }) {
      if (local !== 'Relationship' || TargetMode?.value === 'External') return;
      if (Type?.value.endsWith(`/${kind}`)) targets.push(posix.resolve('/', dir, Target?.value ?? '').slice(1));
    },
    close: () => undefined,
    text: () => undefined,
  });
  return targets.filter((name) => archive.has(name));
}

async function titleOf(archive: Archive): Promise<string | undefined> {
  const [properties] = await related(archive, '', 'core-properties');
  if (properties === undefined) return undefined;
  let title = '';
  let within = false;
  await walkXml(archive.part(properties), {
    open: ({ name }) => void (within = name === 'dc:title'),
    close: () => void (within = false),
    text: (text) => void (title += within ? text : ''),
  });
  return title;
}
