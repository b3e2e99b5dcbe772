import type { ProviderScript, ScriptedProvider } from '@packhouse/core/testing';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { closingEvents, completionBody, errorBody, pieceEvent } from './openai-bytes.js';

/** Any body as a 200, or an error in words of one's own: for what the other scripts cannot say. */
export interface RawScript {
  readonly does: 'send';
  readonly status?: number;
  readonly contentType: string;
  readonly body: string;
}

/** A whole answer, a piece at a time: for what happens while it is on its way. Streamed alone. */
export interface PacedScript {
  readonly does: 'pace';
  readonly pieces: readonly string[];
  readonly everyMs: number;
}

export type OpenAIScript = ProviderScript | RawScript | PacedScript;

/** What a client asked, as it was sent. */
export interface OpenAIRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: ChatRequestBody;
}

export interface ChatRequestBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly [parameter: string]: unknown;
}

/** An OpenAI-style server on this machine. */
export interface ScriptedOpenAI extends ScriptedProvider {
  /** As clients take it: `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string;
  /** What it was asked, in order. */
  readonly requests: readonly OpenAIRequest[];
  /** What it does from now on, or what it makes of each request. */
  play(script: OpenAIScript | ((request: OpenAIRequest) => OpenAIScript)): void;
}

const SILENT: OpenAIScript = { does: 'refuse', status: 500, message: 'This server was given nothing to play.' };
const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };

/** Starts a server that answers `POST /v1/chat/completions` in OpenAI's bytes with what it is told to say. */
export async function scriptedOpenAI(): Promise<ScriptedOpenAI> {
  const requests: OpenAIRequest[] = [];
  const watchers: (() => void)[] = [];
  let script: OpenAIScript | ((request: OpenAIRequest) => OpenAIScript) = SILENT;

  const server = createServer(async (incoming, response) => {
    if (incoming.url !== '/v1/chat/completions') return refuse(response, 404, `Unknown URL ${incoming.url}.`);
    const request = await received(incoming);
    requests.push(request);
    const wanted = typeof script === 'function' ? script(request) : script;
    if (wanted.does === 'stall') response.on('close', () => watchers.splice(0).forEach((tell) => tell()));
    perform(wanted, request.body, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    play: (next) => void (script = next),
    hungUp: () => new Promise((resolve) => watchers.push(resolve)),
    async close() {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function received(incoming: IncomingMessage): Promise<OpenAIRequest> {
  return { headers: incoming.headers, body: JSON.parse(await text(incoming)) as ChatRequestBody };
}

function perform(script: OpenAIScript, request: ChatRequestBody, response: ServerResponse): void {
  if (script.does === 'refuse') return refuse(response, script.status, script.message);
  if (script.does === 'send') return send(response, script.status ?? 200, script.contentType, script.body);
  if (script.does === 'pace') return void pace(script, request, response);
  if (request.stream) return stream(script, request, response);
  if (script.does === 'answer') return complete(script, request, response);
  // Without a stream the pieces are a body that is not all there.
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":"chatcmpl-scripted","object":');
  leaveOff(script.does, response);
}

function complete(
  script: ProviderScript & { does: 'answer' },
  { model }: ChatRequestBody,
  response: ServerResponse,
): void {
  const { pieces, finish = 'stop', usage = NO_TOKENS } = script;
  send(response, 200, 'application/json', JSON.stringify(completionBody(model, pieces.join(''), finish, usage)));
}

function stream(
  script: Exclude<ProviderScript, { does: 'refuse' }>,
  { model, stream_options }: ChatRequestBody,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(pieceEvent(model, { role: 'assistant', content: '', refusal: null }));
  for (const content of script.pieces) response.write(pieceEvent(model, { content }));
  if (script.does !== 'answer') return leaveOff(script.does, response);
  const { finish = 'stop', usage = NO_TOKENS } = script;
  response.end(closingEvents(model, finish, stream_options?.include_usage ? usage : undefined));
}

async function pace({ pieces, everyMs }: PacedScript, { model }: ChatRequestBody, response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const content of pieces) {
    response.write(pieceEvent(model, { content }));
    await sleep(everyMs);
  }
  response.end(closingEvents(model, 'stop', undefined));
}

function leaveOff(how: 'stall' | 'break' | 'end early', response: ServerResponse): void {
  if (how === 'end early') response.end();
  // What was written goes out first: a client must see the pieces, then the break.
  if (how === 'break') setImmediate(() => response.destroy());
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, 'application/json', JSON.stringify(errorBody(status, message)));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}
