import type { ExtractedText } from '../passage.js';

/** A file as it was handed over. */
export interface SourceFile {
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** As the sender declared it; not to be believed. */
  readonly mediaType?: string;
}

/** Makes text of one family of files. */
export interface Reader {
  readonly name: string;
  /** Whether this file is its to read, by its first bytes and its name. */
  accepts(file: SourceFile): boolean;
  /**
   * @throws PackhouseError `encrypted`, `corrupt`, `empty` (no text in it), `too_large` (beyond the reader's limits)
   *   or `unsupported`, with a message for the person who sent the file.
   */
  read(file: SourceFile, signal?: AbortSignal): Promise<ExtractedText>;
}
