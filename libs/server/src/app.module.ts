import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { MultipartModule } from '@nestjs/platform-fastify';
import { PackhouseModule, type RateLimit } from '@packhouse/nest';
import { authentication } from './authentication.js';
import { ApiKeysController } from './http/api-keys.controller.js';
import { ChatController } from './http/chat.controller.js';
import { EmbeddingsController } from './http/embeddings.controller.js';
import { FairShareModule } from './http/fair-share.js';
import { FileBatchesController } from './http/file-batches.controller.js';
import { FilesController } from './http/files.controller.js';
import { ModelsController } from './http/models.controller.js';
import { UsageController } from './http/usage.controller.js';
import { VectorStoreFilesController } from './http/vector-store-files.controller.js';
import { VectorStoresController } from './http/vector-stores.controller.js';
import { DocsController } from './openapi/docs.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { indicators } from './parts/indicators.js';
import { PARTS, type Parts } from './parts/parts.js';
import type { Settings } from './settings/settings.js';

@Module({})
export class AppModule {
  /** The whole API over these parts. */
  static over(parts: Parts): DynamicModule {
    const { settings, packs, uploads } = parts;
    return {
      module: AppModule,
      imports: [
        DiscoveryModule,
        PackhouseModule.forRoot({
          auth: authentication(parts),
          packs,
          indicators: indicators(parts),
          rateLimit: rateLimit(settings),
        }),
        FairShareModule.among(settings.MAX_REQUESTS),
        // On disk first: a transaction must not stay open for as long as a slow client takes.
        MultipartModule.register({
          dest: uploads,
          limits: { fileSize: settings.MAX_UPLOAD_BYTES, files: 1, fields: 16, fieldSize: 16 * 1024 },
        }),
      ],
      controllers: [
        FilesController,
        VectorStoresController,
        VectorStoreFilesController,
        FileBatchesController,
        ChatController,
        EmbeddingsController,
        ModelsController,
        ApiKeysController,
        UsageController,
        OpenApiController,
        ...((settings.API_DOCS ?? !settings.production) ? [DocsController] : []),
      ],
      providers: [{ provide: PARTS, useValue: parts }],
    };
  }
}

function rateLimit({ RATE_LIMIT_PER_MINUTE: perMinute }: Settings): RateLimit | undefined {
  return perMinute > 0 ? { perMinute } : undefined;
}
