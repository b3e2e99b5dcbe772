import { Controller, Get, Inject, Param } from '@nestjs/common';
import { packNamed } from '../parts/packs.js';
import { PARTS, type Parts } from '../parts/parts.js';

const model = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'packhouse' });

@Controller('v1/models')
export class ModelsController {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @Get()
  list() {
    const { packs, embedders } = this.parts;
    return { object: 'list', data: [...Object.keys(packs), embedders.current.model].map(model) };
  }

  @Get(':id')
  get(@Param('id') id: string) {
    const { packs, embedders } = this.parts;
    if (!embedders.named(id)) packNamed(packs, id);
    return model(id);
  }
}
