import type { FastifyReply } from 'fastify';

/** Tells OpenAI's clients when to ask again; by themselves they wait for 5 seconds. */
export function pollSoon(reply: FastifyReply): void {
  reply.header('openai-poll-after-ms', '250');
}
