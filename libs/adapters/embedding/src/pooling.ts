/** How a text's vector comes from its tokens': the first one's (`cls`) or the average (`mean`). */
export type Pooling = 'cls' | 'mean';

/** What a model says of a batch: one vector a token, and which tokens are text (1) and which are padding (0). */
export interface TokenVectors {
  readonly batch: number;
  readonly tokens: number;
  readonly dimensions: number;
  /** batch x tokens x dimensions, row by row. */
  readonly values: Float32Array;
  /** batch x tokens. */
  readonly mask: BigInt64Array;
}

/** One vector a text. Padding counts for nothing, on whichever side it stands. */
export function pool(vectors: TokenVectors, pooling: Pooling): Float32Array[] {
  return Array.from({ length: vectors.batch }, (_, row) => {
    const places = textPlaces(vectors, row);
    return average(vectors, pooling === 'cls' ? places.slice(0, 1) : places);
  });
}

function textPlaces({ tokens, mask }: TokenVectors, row: number): number[] {
  const first = row * tokens;
  return Array.from({ length: tokens }, (_, token) => first + token).filter((place) => mask[place] === 1n);
}

function average({ dimensions, values }: TokenVectors, places: readonly number[]): Float32Array {
  const sum = new Float32Array(dimensions);
  for (const place of places) {
    const token = values.subarray(place * dimensions, (place + 1) * dimensions);
    token.forEach((value, at) => (sum[at] = (sum[at] as number) + value / places.length));
  }
  return sum;
}
