import { HttpException, MethodNotAllowedException, UnsupportedMediaTypeException } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import { stampRequestId } from '@packhouse/nest';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.js';
import { allowedMethods, type AllowedMethods } from './allowed-methods.js';
import { workAtHand, type WorkAtHand } from './work-at-hand.js';

/** In characters; Node itself takes 16 KiB of headers with it. */
const LONGEST_URL = 8 * 1024;

/** What a route says of its body with `@RouteConfig`. */
export interface Accepts {
  readonly accepts?: string;
}

type Watch = Pick<Settings, 'MAX_REQUESTS' | 'REQUEST_TIMEOUT_SECONDS'>;

/**
 * Refuses, before anything of a body is read, what no route would take; names the request on whatever is answered; and
 * hangs up on who takes nothing of an answer. For an instance that has no routes yet.
 */
export function watchDoor(fastify: FastifyInstance, { MAX_REQUESTS, REQUEST_TIMEOUT_SECONDS }: Watch): void {
  const methods = allowedMethods(fastify);
  const enter = workAtHand(MAX_REQUESTS);
  fastify.addHook('onRequest', (request, reply, done) => {
    stampRequestId(request, reply);
    // Nobody between us and the caller is to keep a tenant's answers; routes for everybody say otherwise.
    reply.raw.setHeader('cache-control', 'no-store');
    done(
      tooLong(request) ?? tooMuch(request, reply, enter) ?? wrongMethod(request, reply, methods) ?? wrongType(request),
    );
  });
  fastify.addHook('onSend', (_, { raw }, __, done) => {
    // Of the socket's own: it begins anew with each piece that leaves, however slowly they do.
    raw.setTimeout(REQUEST_TIMEOUT_SECONDS * 1000, () => raw.destroy());
    done();
  });
}

function tooLong({ url }: FastifyRequest): Error | undefined {
  return url.length > LONGEST_URL ? new HttpException(`A URL has at most ${LONGEST_URL} characters.`, 414) : undefined;
}

/** Health is asked for when it matters most, and costs next to nothing. */
function tooMuch({ url }: FastifyRequest, reply: FastifyReply, enter: WorkAtHand): Error | undefined {
  if (url.startsWith('/health/') || enter(reply.raw)) return undefined;
  reply.raw.setHeader('retry-after', '1');
  return new PackhouseError('unavailable', 'As many requests as this server takes are being answered.');
}

function wrongMethod(request: FastifyRequest, reply: FastifyReply, methods: AllowedMethods): Error | undefined {
  if (!request.is404) return undefined;
  const allowed = methods(request.url.replace(/[?#].*/s, ''));
  if (allowed.length === 0) return undefined;
  reply.raw.setHeader('allow', allowed.join(', '));
  return new MethodNotAllowedException(`This path is for ${allowed.join(', ')}.`);
}

const WITH_BODY = ['POST', 'PUT', 'PATCH'];

function wrongType({ headers, method, is404, routeOptions }: FastifyRequest): Error | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (is404 || !type || !WITH_BODY.includes(method)) return undefined;
  const { accepts = 'application/json' } = routeOptions.config as Accepts;
  return type === accepts ? undefined : new UnsupportedMediaTypeException(`The body of this request is ${accepts}.`);
}
