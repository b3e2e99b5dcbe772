import { Body, Controller, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { InjectPack, ProblemFilter, Tenant } from '@packhouse/nest';
import type { Packs } from './packs.js';
import { TeamGuard } from './team.guard.js';
import { TextPipe } from './text.pipe.js';

@Controller('questions')
@UseGuards(TeamGuard)
@UseFilters(ProblemFilter)
export class QuestionsController {
  constructor(@InjectPack<Packs>('answers') private readonly answers: Packs['answers']) {}

  @Post()
  @HttpCode(200)
  async ask(@Tenant() team: TenantId, @Body('text', TextPipe) text: string) {
    const { text: answer, citations } = await this.answers(team).answer({ text, limit: 5 });
    return { answer, quotes: citations.map(({ source, quote }) => ({ source, quote })) };
  }
}
