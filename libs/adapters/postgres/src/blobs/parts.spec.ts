import fc from 'fast-check';
import { inParts } from './parts.js';

describe('inParts', () => {
  it('keeps the bytes and their order, in parts of one size but the last', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 9 }), async (given, size) => {
        const parts = await collect(inParts(stream(given), size));
        expect(Buffer.concat(parts)).toEqual(Buffer.concat(given));
        expect(parts.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(parts.every(({ length }) => length > 0 && length <= size)).toBe(true);
      }),
    );
  });
});

async function* stream(pieces: Uint8Array[]) {
  yield* pieces;
}

async function collect(parts: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const collected: Buffer[] = [];
  for await (const part of parts) collected.push(part);
  return collected;
}
