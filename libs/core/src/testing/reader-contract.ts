import { PackhouseError } from '../errors.js';
import type { Reader, SourceFile } from '../ports/reader.js';
import { codePointLength } from '../text/code-points.js';

/** Noise that begins like nothing known: bytes of a generator with a fixed seed. */
function noise(length: number): Uint8Array {
  let state = 0x2545f491;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

/**
 * What every reader does. `samples` are files it reads, each with text in it.
 */
export function describeReader(
  name: string,
  makeReader: () => Reader,
  samples: () => readonly SourceFile[] | Promise<readonly SourceFile[]>,
) {
  describe(`${name} as a Reader`, () => {
    const eachSample = async (check: (reader: Reader, sample: SourceFile) => Promise<void>) => {
      for (const sample of await samples()) await check(makeReader(), sample);
    };

    it('accepts what it reads, and takes text from it', () =>
      eachSample(async (reader, sample) => {
        expect(reader.accepts(sample)).toBe(true);
        const { text } = await reader.read(sample);
        expect(text).toMatch(/[\p{L}\p{N}]/u);
      }));

    it('gives text that a database can store', () =>
      eachSample(async (reader, sample) => {
        const { text } = await reader.read(sample);
        expect(text).not.toMatch(/\0|\p{Surrogate}|\r/u);
      }));

    it('starts its pages at 0, in order, within the text', () =>
      eachSample(async (reader, sample) => {
        const { text, pages } = await reader.read(sample);
        const starts = pages.map(({ start }) => start);
        const numbers = pages.map(({ number }) => number);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        if (pages.length === 0) return;
        expect(starts[0]).toBe(0);
        expect(numbers[0]).toBeGreaterThanOrEqual(1);
        expect(starts.at(-1)).toBeLessThan(codePointLength(text));
      }));

    it('reads the same file twice to the same text, and leaves its bytes alone', () =>
      eachSample(async (reader, sample) => {
        const before = sample.bytes.slice();
        const first = await reader.read(sample);
        expect(await reader.read(sample)).toEqual(first);
        expect(sample.bytes).toEqual(before);
      }));

    it('stops for a caller that has gone', () =>
      eachSample(async (reader, sample) => {
        await expect(reader.read(sample, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
      }));

    it('refuses noise and a file without bytes with a typed error', () =>
      eachSample(async (reader, { filename }) => {
        for (const bytes of [noise(4096), new Uint8Array(0), new Uint8Array(4096)]) {
          const failure: unknown = await reader.read({ filename, bytes }).catch((error: unknown) => error);
          expect(PackhouseError.is(failure, 'corrupt', 'empty', 'unsupported')).toBe(true);
          expect((failure as PackhouseError).message).toContain(filename);
        }
      }));

    it('ends with text or a typed error where a file was cut off', () =>
      eachSample(async (reader, { filename, bytes }) => {
        for (const part of [0.25, 0.5, 0.9]) {
          const cut = { filename, bytes: bytes.slice(0, Math.floor(bytes.length * part)) };
          const outcome: unknown = await reader.read(cut).catch((error: unknown) => error);
          if (!PackhouseError.isInstance(outcome)) expect(outcome).toHaveProperty('text');
        }
      }));
  });
}
