/** The binary forms that pgvector receives: a tenth of the time and half the bytes of the text forms. */

/** One of `vector`: dimensions, an unused field, then big-endian float4. Cast it to halfvec where that is stored. */
export function vectorBinary(vector: Float32Array): Buffer {
  const buffer = Buffer.allocUnsafe(4 + 4 * vector.length);
  buffer.writeInt16BE(vector.length, 0);
  buffer.writeInt16BE(0, 2);
  vector.forEach((value, index) => buffer.writeFloatBE(value, 4 + 4 * index));
  return buffer;
}

/**
 * One of `sparsevec`: dimensions, count, an unused field, the indices ascending, then the values as float4.
 *
 * @param entries from index, counted from 1 as in the text form, to value; zeros not allowed
 */
export function sparsevecBinary(entries: ReadonlyMap<number, number>, dimensions: number): Buffer {
  const sorted = [...entries].sort(([a], [b]) => a - b);
  const buffer = Buffer.allocUnsafe(12 + 8 * sorted.length);
  buffer.writeInt32BE(dimensions, 0);
  buffer.writeInt32BE(sorted.length, 4);
  buffer.writeInt32BE(0, 8);
  sorted.forEach(([index, value], place) => {
    // The binary form counts from 0.
    buffer.writeInt32BE(index - 1, 12 + 4 * place);
    buffer.writeFloatBE(value, 12 + 4 * (sorted.length + place));
  });
  return buffer;
}

/**
 * A one-dimensional array of any type of an extension, from the binary forms of its elements. The field for the
 * element's OID stays 0: it differs in each database, and the server looks at it for built-in types only.
 */
export function arrayBinary(elements: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(20);
  header.writeInt32BE(1, 0);
  header.writeInt32BE(elements.length, 12);
  header.writeInt32BE(1, 16);
  return Buffer.concat([header, ...elements.flatMap((element) => [lengthOf(element), element])]);
}

function lengthOf({ length }: Buffer): Buffer {
  const field = Buffer.allocUnsafe(4);
  field.writeInt32BE(length, 0);
  return field;
}
