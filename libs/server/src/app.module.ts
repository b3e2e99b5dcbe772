import { Module, type DynamicModule } from '@nestjs/common';
import { MultipartModule } from '@nestjs/platform-fastify';
import { PackhouseModule } from '@packhouse/nest';
import { authentication } from './authentication.js';
import { ApiKeysController } from './http/api-keys.controller.js';
import { ChatController } from './http/chat.controller.js';
import { FileBatchesController } from './http/file-batches.controller.js';
import { FilesController } from './http/files.controller.js';
import { ModelsController } from './http/models.controller.js';
import { VectorStoreFilesController } from './http/vector-store-files.controller.js';
import { VectorStoresController } from './http/vector-stores.controller.js';
import { indicators } from './parts/indicators.js';
import { PARTS, type Parts } from './parts/parts.js';

@Module({})
export class AppModule {
  /** The whole API over these parts. */
  static over(parts: Parts): DynamicModule {
    const { settings, packs, uploads } = parts;
    return {
      module: AppModule,
      imports: [
        PackhouseModule.forRoot({ auth: authentication(parts), packs, indicators: indicators(parts) }),
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
        ModelsController,
        ApiKeysController,
      ],
      providers: [{ provide: PARTS, useValue: parts }],
    };
  }
}
