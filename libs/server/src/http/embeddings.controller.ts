import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { PackhouseError, type Embedder } from '@packhouse/core';
import { embedTexts } from '../library/embed-texts.js';
import { PARTS, type Parts } from '../parts/parts.js';
import { EMBEDDINGS, type EmbeddingsRequest } from './bodies.js';
import { embeddingsObject } from './objects.js';
import { RequestSignal } from './request-signal.js';

@Controller('v1/embeddings')
export class EmbeddingsController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Post()
  @HttpCode(200)
  async create(
    @Body({ schema: EMBEDDINGS }) { model, input, encoding_format: format, dimensions }: EmbeddingsRequest,
    @RequestSignal() signal: AbortSignal,
  ) {
    const embedder = this.embedder(model);
    refuseOtherDimensions(embedder, dimensions);
    return embeddingsObject(model, format, await embedTexts(embedder, [input].flat(), signal));
  }

  private embedder(model: string): Embedder {
    const { embedders } = this.parts;
    const embedder = embedders.named(model);
    if (embedder) return embedder;
    const message = `There is no embedding model ${model}; there is ${embedders.current.model}.`;
    throw new PackhouseError('not_found', message, { param: 'model' });
  }
}

/** A vector cut short is one of no model's. */
function refuseOtherDimensions({ model, dimensions }: Embedder, asked = dimensions): void {
  if (asked === dimensions) return;
  const message = `dimensions: ${model} makes vectors of ${dimensions} dimensions and no others.`;
  throw new PackhouseError('invalid_request', message, { param: 'dimensions' });
}
