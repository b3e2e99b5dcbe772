import type { FastifyReply } from 'fastify';

/** Fires when the client goes away before its answer is finished, so that nothing works on for nobody. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
