import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** An answer that is being worked on. */
export interface AnswerInHand {
  readonly response: ServerResponse;
  /** Fires when the process ends before it, with an error that says so. */
  readonly breakOff: AbortSignal;
}

export const inHand = ({ raw, server }: FastifyReply): AnswerInHand => ({
  response: raw,
  breakOff: server.breakOff.signal,
});

/**
 * Fires when the client goes away before its answer is finished, when the process ends before it, and as a timeout after so
 * many milliseconds where they are given: so that nothing works on for nobody, or for ever.
 */
export function goneSignal({ response, breakOff }: AnswerInHand, ms?: number): AbortSignal {
  const controller = new AbortController();
  const brokenOff = () => controller.abort(breakOff.reason);
  const timer = ms === undefined ? undefined : setTimeout(() => controller.abort(tooLong()), ms);
  const closed = () => {
    clearTimeout(timer);
    breakOff.removeEventListener('abort', brokenOff);
    if (!response.writableFinished) controller.abort();
  };
  breakOff.addEventListener('abort', brokenOff);
  if (breakOff.aborted) brokenOff();
  // It may have gone while its request was still arriving.
  if (response.closed) closed();
  else response.once('close', closed);
  return controller.signal;
}

const tooLong = () => new DOMException('The request took too long.', 'TimeoutError');
