import { MAX_CHARACTERS } from './extracted.js';

/** What reading one file may cost; a file that costs more is refused as `too_large`. */
export interface ReadLimits {
  /** Size of the file. @default 100_000_000 */
  readonly maxBytes: number;
  /** Most code points of text. @default 20_000_000 */
  readonly maxCharacters: number;
  /** Most pages of a PDF. @default 5_000 */
  readonly maxPages: number;
  /** Most mebibytes of heap; as much again may be taken by buffers. At least 32. @default 512 */
  readonly maxMemoryMb: number;
  /** Most milliseconds from the first byte to the last word. @default 120_000 */
  readonly timeoutMs: number;
}

export const READ_LIMITS: ReadLimits = {
  maxBytes: 100_000_000,
  maxCharacters: MAX_CHARACTERS,
  maxPages: 5_000,
  maxMemoryMb: 512,
  timeoutMs: 120_000,
};
