const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Where FNV-1a begins for one kind of feature, so that a word and a character n-gram of equal letters differ. */
export const hashSeed = (kind: number): number => hashNext(FNV_OFFSET, kind);

/** One step of 32-bit FNV-1a, over UTF-16 units instead of bytes. */
export const hashNext = (hash: number, unit: number): number => Math.imul(hash ^ unit, FNV_PRIME);

export function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = hashNext(hash, text.charCodeAt(at));
  return hash;
}

/** MurmurHash3's fmix32: FNV alone leaves the high bits of short texts almost equal. Returns 0 to 2^32 - 1. */
export function finished(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
