/** pgvector's binary forms, by the fastest way from numbers to bytes. */

/** One `vector`. */
export function vectorBytes(vector: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(4 + vector.byteLength);
  bytes.writeInt16BE(vector.length, 0);
  bytes.writeInt16BE(0, 2);
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).copy(bytes, 4);
  bytes.subarray(4).swap32();
  return bytes;
}

/** One `sparsevec`; places count from 1. */
export function sparsevecBytes(weights: ReadonlyMap<number, number>, dimensions: number): Buffer {
  const places = Int32Array.from(weights.keys()).sort();
  const bytes = Buffer.allocUnsafe(12 + 8 * places.length);
  bytes.writeInt32BE(dimensions, 0);
  bytes.writeInt32BE(places.length, 4);
  bytes.writeInt32BE(0, 8);
  places.forEach((place, at) => {
    bytes.writeInt32BE(place - 1, 12 + 4 * at);
    bytes.writeFloatBE(weights.get(place) as number, 12 + 4 * (places.length + at));
  });
  return bytes;
}

/** An array of these. */
export function arrayBytes(elements: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(elements.reduce((sum, { length }) => sum + 4 + length, 20));
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(elements.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = 20;
  for (const element of elements) {
    at = bytes.writeInt32BE(element.length, at);
    at += element.copy(bytes, at);
  }
  return bytes;
}
