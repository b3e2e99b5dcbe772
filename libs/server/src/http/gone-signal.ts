import type { FastifyReply } from 'fastify';

/**
 * Fires when the client goes away before its answer is finished, and as a timeout after so many milliseconds, so that
 * nothing works on for nobody, or for ever.
 */
export function goneSignal({ raw }: Pick<FastifyReply, 'raw'>, ms: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('The request took too long.', 'TimeoutError')), ms);
  const closed = () => {
    clearTimeout(timer);
    if (!raw.writableFinished) controller.abort();
  };
  // It may have gone while its request was still arriving.
  if (raw.closed) closed();
  else raw.once('close', closed);
  return controller.signal;
}
