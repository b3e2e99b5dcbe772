import type { ExtractedText, Reader, SourceFile } from '@packhouse/core';
import { isolated } from './isolated.js';

let shared: Reader | undefined;

/**
 * Reads a file of any known format, by its bytes, its name and its declared type together, in one of the few processes
 * that all callers share ({@link isolated}).
 *
 * @throws PackhouseError `empty`, `encrypted`, `corrupt`, `too_large`, `unsupported`, `aborted`, `timeout`
 */
export function readFile(file: SourceFile, signal?: AbortSignal): Promise<ExtractedText> {
  shared ??= isolated();
  return shared.read(file, signal);
}
