import { Module } from '@nestjs/common';
import { PackhouseModule } from '@packhouse/nest';
import { DocumentsController } from './documents.controller.js';
import { Library, LibraryModule } from './library.module.js';
import { packsOver } from './packs.js';
import { QuestionsController } from './questions.controller.js';
import type { TeamRequest } from './team.guard.js';

const packhouse = PackhouseModule.forRootAsync({
  tenant: (request: TeamRequest) => request.team,
  imports: [LibraryModule],
  inject: [Library],
  useFactory: (library: Library) => ({ packs: packsOver(library) }),
});

@Module({ imports: [packhouse, LibraryModule], controllers: [DocumentsController, QuestionsController] })
export class AppModule {}
