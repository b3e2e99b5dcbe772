/**
 * The vector of length 1 that has the same direction; a zero vector stays one. By loops, as it comes with each text:
 * callbacks take several times as long.
 */
export function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let at = 0; at < vector.length; at++) squares += (vector[at] as number) ** 2;
  const length = Math.sqrt(squares);
  if (length === 0) return vector;
  const unit = new Float32Array(vector.length);
  for (let at = 0; at < vector.length; at++) unit[at] = (vector[at] as number) / length;
  return unit;
}
