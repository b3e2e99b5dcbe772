import type { SourceFile } from '@packhouse/core';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { refusal } from './refusal.js';

/** The parts of an archive, by name. Nothing is written to a disk, and a name is only ever looked up here. */
export interface Archive {
  has(name: string): boolean;
  /** The unpacked bytes of a part that is there, piece by piece. */
  part(name: string): AsyncIterable<Uint8Array>;
}

const MAX_PARTS = 10_000;
const MAX_UNPACKED = 512 * 2 ** 20;
/** Text and markup shrink to a tenth or a fiftieth; what shrinks further was made to. Small parts do no harm. */
const MAX_RATIO = 200;
const SMALL = 2 ** 20;

/**
 * Opens an archive. Its directory is checked before anything is unpacked, and unpacking stops at the size the directory
 * gave.
 *
 * @throws PackhouseError `encrypted`, `too_large`; the library's error for one that is damaged or has names that lead
 *   out of it
 */
export async function openZip(file: SourceFile): Promise<Archive> {
  const { buffer, byteOffset, length } = file.bytes;
  const zip = await fromBufferPromise(Buffer.from(buffer as ArrayBuffer, byteOffset, length), { lazyEntries: true });
  const parts = await directory(file, zip);
  return {
    has: (name) => parts.has(name),
    async *part(name) {
      yield* await zip.openReadStreamPromise(parts.get(name) as Entry);
    },
  };
}

async function directory(file: SourceFile, zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const parts = new Map<string, Entry>();
  let unpacked = 0;
  if (zip.entryCount > MAX_PARTS) throw refusal('too_large', file, `it has more than ${MAX_PARTS} parts.`);
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw refusal('encrypted', file, 'it is protected by a password. Remove the protection.');
    unpacked += entry.uncompressedSize;
    if (unpacked > MAX_UNPACKED || isBomb(entry)) {
      throw refusal('too_large', file, 'it would unpack to far more than its size.');
    }
    // Which of the two is read would depend on the program.
    if (parts.has(entry.fileName)) throw refusal('corrupt', file, 'two of its parts have the same name.');
    parts.set(entry.fileName, entry);
  }
  return parts;
}

const isBomb = ({ uncompressedSize, compressedSize }: Entry) =>
  uncompressedSize > SMALL && uncompressedSize > MAX_RATIO * compressedSize;
