import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import { failureOf, problemOf, requestId, stampRequestId } from '@packhouse/nest';
import type { FastifyReply, FastifyRequest } from 'fastify';

// Refusals that never reach Nest's filter.

/** What Fastify refuses before any route, a path like `/%` for one. */
export function frameworkErrors(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  stampRequestId(request, reply);
  const instance = request.url.replace(/\?.*/s, '');
  const problem = problemOf(failureOf(error), { instance, requestId: requestId(request) });
  void reply
    .code(problem.status)
    .headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    .type('application/problem+json')
    .send(problem);
}

/** By Node's code; anything else is 400. */
const REFUSALS: Readonly<Record<string, [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are larger than is accepted.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are larger than is accepted.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/** What is no HTTP request to Node: there is a socket to answer on, and no more. */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] = REFUSALS[error.code ?? ''] ?? [400, 'This is no HTTP request.'];
  const id = randomUUID();
  const body = JSON.stringify(
    problemOf(failureOf(new HttpException(message, status)), { instance: '', requestId: id }),
  );
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
