import { Body, Controller, HttpCode, Inject, Logger, Post, Res } from '@nestjs/common';
import { budgeted, PackhouseError, type Query, type TenantId } from '@packhouse/core';
import { requestId, stackTrace, Tenant } from '@packhouse/nest';
import type { FastifyReply } from 'fastify';
import { Operation } from '../openapi/operation.js';
import { answerer, packNamed } from '../parts/packs.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { storesToSearch } from '../library/vector-stores.js';
import { CHAT_COMPLETION, CHAT_COMPLETION_CHUNK } from './answers.js';
import { begun } from './begun.js';
import { CHAT, type ChatRequest, type FileSearch } from './bodies.js';
import { chatCompletion, chatCompletionChunks, completionHead } from './chat-completion.js';
import { rankingOf } from './ranking.js';
import { RequestSignal } from './request-signal.js';
import { serverSentEvents } from './server-sent-events.js';

/** How many passages an answer may draw on where the request does not say. */
const PASSAGES = 8;

@Controller('v1/chat/completions')
export class ChatController {
  private readonly log = new Logger('Chat');

  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @Operation('Answer from the documents', {
    'application/json': CHAT_COMPLETION,
    'text/event-stream': CHAT_COMPLETION_CHUNK,
  })
  @HttpCode(200)
  async complete(
    @Tenant() tenant: TenantId,
    @Body({ schema: CHAT }) body: ChatRequest,
    @RequestSignal() signal: AbortSignal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [search] = body.tools ?? [];
    const { weights, restriction } = rankingOf(search?.ranking_options);
    const { packs, chat, budget } = this.parts;
    const pack = packNamed(packs, body.model);
    const asked = asQuery(body.messages, search);
    const { where, embedder } = await storesToSearch(this.parts, tenant, search?.vector_store_ids, signal);
    const reserved = Promise.withResolvers<void>();
    const model = chat && budgeted(chat, budget.forTenant(tenant), reserved.resolve);
    const answering = answerer(pack(tenant, { weights, embedder }), model);
    const query = { ...asked, ...where, ...restriction };
    const head = completionHead(body.model);
    if (!body.stream) return void reply.send(chatCompletion(head, await answering.answer(query, signal)));
    // What a model is not even asked for is refused with a status; from there on it may be long until the first word.
    const events = await begun(answering.stream(query, signal), reserved.promise);
    const objects = chatCompletionChunks(head, events, body.stream_options?.include_usage ?? false);
    reply.header('content-type', 'text/event-stream; charset=utf-8');
    const onError = (error: unknown) =>
      this.log.error(`An answer broke off, request ${requestId(reply.request)}`, stackTrace(error));
    return void reply.send(serverSentEvents(objects, onError));
  }
}

function asQuery(messages: ChatRequest['messages'], search: FileSearch | undefined): Query {
  return {
    text: question(messages),
    limit: search?.max_num_results ?? PASSAGES,
    ...(search?.filters && { filter: search.filters }),
  };
}

/** Searched by every word of it; longer texts are documents. */
const MAX_QUESTION = 10_000;

/** What the person asked last. */
function question(messages: ChatRequest['messages']): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const text = typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('\n');
  if (text.length > MAX_QUESTION) {
    throw new PackhouseError('invalid_request', `messages: a question has at most ${MAX_QUESTION} characters.`, {
      param: 'messages',
    });
  }
  if (text.trim()) return text;
  throw new PackhouseError('invalid_request', 'messages: one with role user and some text is needed.', {
    param: 'messages',
  });
}
