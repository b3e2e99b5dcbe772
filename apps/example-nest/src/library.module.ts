import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { hashed } from '@packhouse/embedding/hashed';
import { ingestion } from '@packhouse/ingestion';
import { chunkStore } from '@packhouse/postgres';
import { openPglite, type OpenPglite } from '@packhouse/postgres/pglite';

/** Every team's documents, in a PostgreSQL inside this process. */
export class Library implements OnApplicationShutdown {
  private readonly store;
  private readonly ingestion = ingestion({ embedder: hashed() });

  constructor(private readonly database: OpenPglite) {
    this.store = chunkStore(database.db);
  }

  of(team: TenantId) {
    return this.store.forTenant(team);
  }

  async put(team: TenantId, name: string, text: string): Promise<void> {
    const document = { collection: 'documents', documentId: name, source: name, attributes: {} };
    await this.ingestion.ingest(document, { text, pages: [] }, this.of(team));
  }

  onApplicationShutdown() {
    return this.database.close();
  }
}

const library = { provide: Library, useFactory: async () => new Library(await openPglite()) };

@Module({ providers: [library], exports: [Library] })
export class LibraryModule {}
