import {
  BadRequestException,
  Controller,
  Get,
  HttpException,
  Inject,
  Param,
  Post,
  Res,
  StandardSchemaValidationPipe,
  UsePipes,
  type LoggerService,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ERROR_CODES, PackhouseError, type ErrorCode } from '@packhouse/core';
import type { FastifyReply } from 'fastify';
import OpenAI from 'openai';
import request from 'supertest';
import { closeAll, serve } from '../../fixtures/serve.js';
import { token } from '../../fixtures/token.js';
import { PACKS, type PackFactory } from '../packs.js';
import { Public } from '../auth/public.js';
import { PROBLEM_STATUS } from './problem-status.js';

const KEPT_BACK = 'postgres://packhouse:hunter2@10.0.0.7/tenants';

const THROWN: Record<string, () => unknown> = {
  bare: () => new Error(KEPT_BACK),
  text: () => KEPT_BACK,
  nothing: () => undefined,
  teapot: () => new HttpException('short and stout', 418),
  gateway: () => new HttpException(KEPT_BACK, 502),
  limited: () => new HttpException('slower, please', 429),
  findings: () => new BadRequestException(['limit: too big', 'text: missing']),
  // The answer of some upstream: a statusCode that says nothing of this request.
  upstream: () => Object.assign(new Error(KEPT_BACK), { statusCode: 401 }),
  parser: () => Object.assign(new Error('too much'), { statusCode: 413, status: 413, expose: true }),
  caused: () => new PackhouseError('provider_failed', KEPT_BACK, { cause: new Error('the cause') }),
  quota: () => new PackhouseError('insufficient_quota', 'Tomorrow.', { retryAfterSeconds: 3_600 }),
  param: () => new PackhouseError('invalid_request', 'Not a tool.', { param: 'tools.0.a/b' }),
};

@Controller('fails')
@Public()
class FailingController {
  constructor(@Inject(PACKS) readonly packs: ReadonlyMap<string, PackFactory>) {}

  @Get('code/:code')
  code(@Param('code') code: ErrorCode) {
    throw new PackhouseError(code, `${code}: ${KEPT_BACK}`);
  }

  @Get('thrown/:name')
  thrown(@Param('name') name: string) {
    throw THROWN[name]?.();
  }

  @Post('parsed')
  @UsePipes(StandardSchemaValidationPipe)
  parsed() {
    return {};
  }

  @Get('stream')
  async stream(@Res() reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/plain' });
    reply.raw.write('half');
    throw new Error('the other half');
  }

  @Post('v1/chat/completions')
  chat() {
    FailingController.calls += 1;
    throw new PackhouseError('conflict', 'That file is being replaced.', { param: 'file' });
  }

  static calls = 0;
}

const logged: string[] = [];
const logger: LoggerService = {
  log() {},
  warn() {},
  error: (...parts: unknown[]) => logged.push(parts.join('\n')),
};

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await serve({ controllers: [FailingController], logger });
});
beforeEach(() => logged.splice(0));
afterAll(closeAll);

const get = (path: string) => request(app.getHttpServer()).get(path);
const post = (path: string) => request(app.getHttpServer()).post(path);

describe('a failure', () => {
  it.each([...ERROR_CODES])('of code %s is a problem document that an OpenAI client reads too', async (code) => {
    const { status, headers, body } = await get(`/fails/code/${code}?token=secret`);
    const detail = expect.any(String);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(status).toBe(PROBLEM_STATUS[code]);
    expect(body).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail,
      instance: `/fails/code/${code}`,
      request_id: headers['x-request-id'],
      code,
      retryable: ['unavailable', 'rate_limit_exceeded'].includes(code),
      error: { message: body.detail, type: expect.stringMatching(/_error$/), code, param: null },
    });
    expect(headers['x-should-retry']).toBe(String(body.retryable));
    expect(headers['retry-after']).toBe(status === 503 ? '5' : undefined);
  });

  it.each([...ERROR_CODES])(
    'of code %s tells its text exactly where it is the caller who can mend it',
    async (code) => {
      const { status, text } = await get(`/fails/code/${code}`);
      expect(text.includes(KEPT_BACK)).toBe(status < 500);
    },
  );

  it.each(['bare', 'text', 'nothing', 'upstream', 'gateway', 'caused', 'none-such'])(
    'on our side (%s) says nothing of itself to the caller',
    async (name) => {
      const { status, text, body } = await get(`/fails/thrown/${name}`);
      expect(status).toBeGreaterThanOrEqual(500);
      expect(text).not.toMatch(/hunter2|the cause|\.ts:|at /);
      expect(body.detail).toContain('x-request-id');
    },
  );

  it('on our side is logged with its causes under the id that the caller was given', async () => {
    const { headers } = await get('/fails/thrown/caused?token=secret');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(headers['x-request-id']);
    expect(logged[0]).toContain('GET /fails/thrown/caused failed: provider_failed');
    expect(logged[0]).toMatch(/hunter2[^]*Caused by: Error: the cause/);
    expect(logged[0]).not.toContain('token=secret');
  });

  it("of the caller's is not logged as an error", async () => {
    await get('/fails/code/not_found').expect(404);
    expect(logged).toEqual([]);
  });

  it('names the field at fault for both kinds of reader', async () => {
    const { body } = await get('/fails/thrown/param');
    expect(body.errors).toEqual([{ pointer: '#/tools/0/a~1b', detail: 'Not a tool.' }]);
    expect(body.error).toMatchObject({ param: 'tools.0.a/b', type: 'invalid_request_error' });
  });

  it('that knows when it will be over says so, and that trying at once is no use', async () => {
    const { status, headers, body } = await get('/fails/thrown/quota');
    expect([status, headers['retry-after'], headers['x-should-retry']]).toEqual([429, '3600', 'false']);
    expect(body.error).toMatchObject({ code: 'insufficient_quota', message: 'Tomorrow.' });
  });

  it('of validation lists what was found', async () => {
    const { body } = await get('/fails/thrown/findings');
    expect(body).toMatchObject({ status: 400, code: 'invalid_request', detail: 'limit: too big; text: missing' });
    expect(body.errors).toEqual([{ detail: 'limit: too big' }, { detail: 'text: missing' }]);
  });

  it.each([
    ['teapot', 418, 'invalid_request', 'invalid_request_error', false],
    ['limited', 429, 'rate_limit_exceeded', 'rate_limit_error', true],
    ['gateway', 502, 'provider_failed', 'server_error', false],
    ['parser', 413, 'too_large', 'invalid_request_error', false],
    ['upstream', 500, 'internal', 'server_error', false],
  ])('that comes as a status (%s) keeps it: %i', async (name, status, code, type, retryable) => {
    const { body } = await get(`/fails/thrown/${name}`);
    expect(body).toMatchObject({ status, code, retryable, error: { type, code } });
  });

  it('amid an answer breaks the connection: half an answer does not end well', async () => {
    await expect(get('/fails/stream')).rejects.toThrow(/aborted|socket hang up|terminated/);
    expect(logged[0]).toContain('the other half');
  });
});

describe("the web framework's own refusals", () => {
  it.each([
    ['a route that is not there', () => get('/nowhere?a=1'), 404, 'not_found'],
    ['a body too large', () => post('/fails/parsed').send({ text: 'x'.repeat(100) }), 413, 'too_large'],
    ['no JSON', () => post('/fails/parsed').type('json').send('{"a":'), 400, 'invalid_request'],
    ['an empty JSON body', () => post('/fails/parsed').type('json').send(''), 400, 'invalid_request'],
    ['an unknown media type', () => post('/fails/parsed').type('text/csv').send('a;b'), 415, 'unsupported'],
    ['a poisoned prototype', () => post('/fails/parsed').type('json').send('{"__proto__":1}'), 400, 'invalid_request'],
  ])('are problem documents: %s', async (_, ask, status, code) => {
    const { headers, body } = await ask().set('authorization', `Bearer ${token()}`);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(body).toMatchObject({ status, code, error: { code }, instance: expect.not.stringContaining('?') });
  });
});

describe('the x-request-id header', () => {
  const paths = ['/about', '/documents', '/nowhere', '/fails/code/internal', '/health/live', '/health/ready'];

  it.each(paths)('is on the answer of %s', async (path) => {
    const { headers } = await get(path);
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it.each(paths)("is the caller's own where it is sane: %s", async (path) => {
    const { headers } = await get(path).set('x-request-id', 'req_7:a-b.c');
    expect(headers['x-request-id']).toBe('req_7:a-b.c');
  });

  it.each(['', 'two words', 'a"b', '<script>', 'x'.repeat(129), 'é'])('is ours where it is %j', async (id) => {
    const { headers } = await get('/about').set('x-request-id', id);
    expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('differs from request to request', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await get('/about')).headers['x-request-id']));
    expect(new Set(ids).size).toBe(5);
  });
});

describe("OpenAI's client", () => {
  it('throws its own kind of error with our message, code, param and request id, and believes that a retry is no use', async () => {
    const client = new OpenAI({ apiKey: token(), baseURL: `${await app.getUrl()}/fails/v1`, maxRetries: 2 });
    const asked = client.chat.completions.create({ model: 'fusion', messages: [] });
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.ConflictError);
    expect(error).toMatchObject({
      status: 409,
      code: 'conflict',
      param: 'file',
      type: 'invalid_request_error',
      message: '409 That file is being replaced.',
      requestID: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(FailingController.calls).toBe(1);
  });
});
