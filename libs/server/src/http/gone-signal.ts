import type { ServerResponse } from 'node:http';

/**
 * Fires when the client goes away before its answer is finished, and as a timeout after so many milliseconds where they
 * are given, so that nothing works on for nobody, or for ever.
 */
export function goneSignal(response: ServerResponse, ms?: number): AbortSignal {
  const controller = new AbortController();
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort(tooLong()), ms);
  const closed = () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort();
  };
  // It may have gone while its request was still arriving.
  if (response.closed) closed();
  else response.once('close', closed);
  return controller.signal;
}

const tooLong = () => new DOMException('The request took too long.', 'TimeoutError');
