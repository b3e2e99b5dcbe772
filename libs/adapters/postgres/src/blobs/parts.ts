/** The most one row of a blob holds, in bytes. */
export const PART_BYTES = 1024 * 1024;

/** Cuts a stream anew: every part is of `size` bytes but the last, which is not empty. Holds one part. */
export async function* inParts(pieces: AsyncIterable<Uint8Array>, size = PART_BYTES): AsyncGenerator<Buffer> {
  let part = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const taken = piece.subarray(from, from + size - filled);
      part.set(taken, filled);
      from += taken.length;
      filled += taken.length;
      if (filled < size) continue;
      yield part;
      part = Buffer.allocUnsafe(size);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Yields what `read` gives for part 0, 1, 2 and so on until it gives nothing. */
export async function* eachPart(
  read: (part: number) => Promise<Uint8Array | undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let part = 0; ; part++) {
    const bytes = await read(part);
    if (!bytes) return;
    yield bytes;
  }
}
