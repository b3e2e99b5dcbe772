import { Controller, Get, Param } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import { MODELS } from '../parts/models.js';

const model = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'packhouse' });

@Controller('v1/models')
export class ModelsController {
  @Get()
  list() {
    return { object: 'list', data: MODELS.map(model) };
  }

  @Get(':id')
  get(@Param('id') id: string) {
    if (MODELS.includes(id)) return model(id);
    throw new PackhouseError('not_found', `There is no model ${id}; there is ${MODELS.join(', ')}.`);
  }
}
