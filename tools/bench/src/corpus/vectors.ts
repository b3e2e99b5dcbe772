import { random } from './random.js';

export const DIMENSIONS = 384;

/** Distance of a chunk from the middle of its topic, where the middle has length 1: chunk and middle have cosine 0.82. */
const NOISE = 0.7;

const centres = new Map<number, Float32Array>();

/** A vector of length 1 near the middle of a topic. */
export function vectorNear(topic: number, ...seeds: readonly number[]): Float32Array {
  const noise = gaussian(random(0x7ec, topic, ...seeds));
  const centre = centreOf(topic);
  return normalized(centre.map((value, at) => value + NOISE * (noise[at] as number)));
}

function centreOf(topic: number): Float32Array {
  const centre = centres.get(topic) ?? normalized(gaussian(random(0xce47e, topic)));
  centres.set(topic, centre);
  return centre;
}

/** About length 1, in every direction alike: Box and Muller. */
function gaussian(next: () => number): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (let at = 0; at < DIMENSIONS; at += 2) {
    const radius = Math.sqrt((-2 * Math.log(1 - next())) / DIMENSIONS);
    const angle = 2 * Math.PI * next();
    vector[at] = radius * Math.cos(angle);
    vector[at + 1] = radius * Math.sin(angle);
  }
  return vector;
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
