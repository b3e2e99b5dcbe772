import { Body, Controller, HttpCode, Inject, Param, Put, UseFilters, UseGuards } from '@nestjs/common';
import type { TenantId } from '@packhouse/core';
import { ProblemFilter, Tenant } from '@packhouse/nest';
import { Library } from './library.module.js';
import { TeamGuard } from './team.guard.js';
import { TextPipe } from './text.pipe.js';

@Controller('documents')
@UseGuards(TeamGuard)
@UseFilters(ProblemFilter)
export class DocumentsController {
  constructor(@Inject(Library) private readonly library: Library) {}

  @Put(':name')
  @HttpCode(204)
  put(@Tenant() team: TenantId, @Param('name') name: string, @Body('text', TextPipe) text: string) {
    return this.library.put(team, name, text);
  }
}
