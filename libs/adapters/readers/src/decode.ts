import { analyse } from 'chardet';
import { decodeUtf32 } from './utf-32.js';

/** Bytes that a character set is told by: the first non-ASCII ones and what follows. */
const SAMPLE = 64 * 1024;

/**
 * Text from bytes of any common character set, by the first of these that fits: byte order mark, the NUL pattern of
 * UTF-16, the set the document `declared` for itself, UTF-8, UTF-8 with a few bad bytes, the most likely one by
 * statistics.
 */
export function decode(bytes: Uint8Array, declared?: string): string {
  return (
    byMark(bytes) ??
    byZeroes(bytes) ??
    strictly(bytes, declared) ??
    strictly(bytes, 'utf-8') ??
    nearlyUtf8(bytes) ??
    byStatistics(bytes)
  );
}

function byMark(bytes: Uint8Array): string | null {
  const mark = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (mark === 'fffe0000') return decodeUtf32(bytes, true);
  if (mark === '0000feff') return decodeUtf32(bytes, false);
  if (mark.startsWith('fffe')) return decodeAs('utf-16le', bytes);
  if (mark.startsWith('feff')) return decodeAs('utf-16be', bytes);
  return mark.startsWith('efbbbf') ? decodeAs('utf-8', bytes) : null;
}

/** UTF-16 without a mark: text of mostly Latin letters has its zero bytes at every second position. */
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

/** One bad byte must not turn a whole document to gibberish. Other sets hardly ever form valid sequences by chance. */
function nearlyUtf8(bytes: Uint8Array): string | null {
  const text = decodeAs('utf-8', bytes);
  const bad = text.match(/\u{FFFD}/gu)?.length ?? 0;
  const good = text.match(/[^\p{ASCII}\u{FFFD}]/gu)?.length ?? 0;
  return good >= 10 * bad ? text : null;
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
