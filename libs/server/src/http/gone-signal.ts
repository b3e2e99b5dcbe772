import type { FastifyReply } from 'fastify';

/**
 * Fires when the client goes away before its answer is finished, so that nothing works on for nobody, and when the
 * process ends before it: its reason is an error that says so then.
 */
export function goneSignal({ raw, server }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { signal } = server.breakOff;
  const breakOff = () => controller.abort(signal.reason);
  if (signal.aborted) breakOff();
  signal.addEventListener('abort', breakOff);
  raw.once('close', () => {
    signal.removeEventListener('abort', breakOff);
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
