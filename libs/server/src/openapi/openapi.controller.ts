import { Controller, Get, Inject, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Public } from '@packhouse/nest';
import { z } from 'zod';
import { Operation } from './operation.js';

/** Describes the API to its clients. Made of the controllers that are served, when first asked for. */
@Public()
@Controller('openapi.json')
export class OpenApiController {
  private document: Promise<object> | undefined;

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  @Get()
  @Operation('Describe this API', z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApi' }))
  get(): Promise<object> {
    return (this.document ??= this.make());
  }

  private async make(): Promise<object> {
    const { openApiDocument } = await import('./document.js');
    return openApiDocument(this.discovery.getControllers().map(({ metatype }) => metatype as Type));
  }
}
