import { createSecretKey } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { MultipartModule } from '@nestjs/platform-fastify';
import { PackhouseModule, type JwtOptions } from '@packhouse/nest';
import { ChatController } from './http/chat.controller.js';
import { EmbeddingsController } from './http/embeddings.controller.js';
import { FileBatchesController } from './http/file-batches.controller.js';
import { FilesController } from './http/files.controller.js';
import { ModelsController } from './http/models.controller.js';
import { VectorStoreFilesController } from './http/vector-store-files.controller.js';
import { VectorStoresController } from './http/vector-stores.controller.js';
import { PARTS, type Parts } from './parts/parts.js';
import type { Settings } from './settings/settings.js';
import { jwtSecret } from './tokens.js';

@Module({})
export class AppModule {
  /** The whole API over these parts. */
  static over(parts: Parts): DynamicModule {
    const { settings, packs, db, uploads } = parts;
    const database = async (signal: AbortSignal) => void (await db.query('select 1', [], signal));
    return {
      module: AppModule,
      imports: [
        PackhouseModule.forRoot({ auth: auth(settings), packs, indicators: { database } }),
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
      ],
      providers: [{ provide: PARTS, useValue: parts }],
    };
  }
}

function auth(settings: Settings): JwtOptions {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_TENANT_CLAIM: tenantClaim } = settings;
  return {
    ...(jwksUrl ? { jwksUrl } : { secret: createSecretKey(Buffer.from(jwtSecret(settings))) }),
    issuer,
    audience,
    tenantClaim,
  };
}
