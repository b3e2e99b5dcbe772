import { analyse } from 'chardet';
import { decodeUtf32 } from './utf-32.js';

/** Bytes that a character set is told by: the first non-ASCII ones and what follows. */
const SAMPLE = 64 * 1024;

/**
 * Text from bytes of any common character set, by the first of these that fits: byte order mark, the NUL pattern of
 * UTF-16 and UTF-32, the set the document `declared` for itself, UTF-8, the most likely one by statistics.
 */
export function decode(bytes: Uint8Array, declared?: string): string {
  const marked = byWidth(bytes);
  if (marked !== null) return marked;
  return strictly(bytes, declared) ?? strictly(bytes, 'utf-8') ?? byStatistics(bytes);
}

/** UTF-16 and UTF-32, which their marks or zero bytes give away; null for anything else. */
function byWidth(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? decodeUtf32(bytes, true) : decodeAs('utf-16le', bytes);
  if (a === 0xfe && b === 0xff) return decodeAs('utf-16be', bytes);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return decodeUtf32(bytes, false);
  return byZeroes(bytes);
}

/** Without a mark: text of mostly Latin letters has its zero bytes at every second position. */
function byZeroes(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, 512);
  const zeroes = [0, 0];
  sample.forEach((byte, index) => byte === 0 && (zeroes[index % 2] as number)++);
  const [even = 0, odd = 0] = zeroes;
  const many = sample.length * 0.35;
  if (odd > many && even < many / 8) return decodeAs('utf-16le', bytes);
  if (even > many && odd < many / 8) return decodeAs('utf-16be', bytes);
  return null;
}

function strictly(bytes: Uint8Array, label: string | undefined): string | null {
  if (label === undefined) return null;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // An unknown label or bytes that are not of this set: both mean that it is another one.
    return null;
  }
}

function byStatistics(bytes: Uint8Array): string {
  const start = bytes.findIndex((byte) => byte >= 0x80);
  const guesses = analyse(bytes.subarray(start, start + SAMPLE)).filter(({ confidence }) => confidence >= 20);
  return decodeAs(guesses.map(({ name }) => name).find(isKnown) ?? 'windows-1252', bytes);
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function decodeAs(label: string, bytes: Uint8Array): string {
  return new TextDecoder(label).decode(bytes);
}
