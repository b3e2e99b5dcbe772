import { PackhouseError, throwIfAborted } from '@packhouse/core';

/** Refuses a batch beyond an embedder's bound, and a caller that has gone. */
export function checkBatch(texts: readonly string[], maxBatch: number, signal: AbortSignal | undefined): void {
  throwIfAborted(signal);
  if (texts.length <= maxBatch) return;
  throw new PackhouseError(
    'invalid_request',
    `${texts.length} texts were given to an embedder that takes ${maxBatch}: split them into batches.`,
  );
}
