import { Controller, Get, Inject, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Retriever } from '@packhouse/core';
import request from 'supertest';
import { SILENT } from '../fixtures/serve.js';
import { SECRET, token } from '../fixtures/token.js';
import { Public } from './auth/public.js';
import { Tenant } from './auth/principal-decorators.js';
import type { TenantId } from '@packhouse/core';
import { PackhouseModule } from './packhouse.module.js';
import { PACKS, type PackFactory } from './packs.js';

const named: PackFactory<Retriever> = (tenant) => ({ name: `of ${tenant}`, retrieve: async () => [] });

@Controller()
class PacksController {
  constructor(@Inject(PACKS) private readonly packs: ReadonlyMap<string, PackFactory>) {}

  @Get('packs')
  list(@Tenant() tenant: TenantId) {
    return Array.from(this.packs, ([name, pack]) => [name, pack(tenant).name]);
  }

  @Get('lost')
  @Public()
  lost(@Tenant() tenant: TenantId) {
    return tenant;
  }
}

async function start(module: DynamicModule | Type) {
  @Module({ imports: [module], controllers: [PacksController] })
  class AppModule {}
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
    logger: SILENT,
    abortOnError: false,
  });
  await app.listen(0, '127.0.0.1');
  return app;
}

const SETTINGS = Symbol('settings');

@Module({ providers: [{ provide: SETTINGS, useValue: { secret: SECRET } }], exports: [SETTINGS] })
class SettingsModule {}

describe('PackhouseModule', () => {
  it.each([
    ['forRoot', () => PackhouseModule.forRoot({ auth: { secret: SECRET }, packs: { named } })],
    [
      'forRootAsync',
      () =>
        PackhouseModule.forRootAsync({
          imports: [SettingsModule],
          inject: [SETTINGS],
          useFactory: async ({ secret }: { secret: string }) => ({ auth: { secret }, packs: { named } }),
        }),
    ],
  ])('hands the packs out by name, for the tenant that calls: %s', async (_, module) => {
    const app = await start(module());
    const asked = request(app.getHttpServer()).get('/packs').set('authorization', `Bearer ${token()}`);
    await asked.expect(200, [['named', 'of acme']]);
    await request(app.getHttpServer()).get('/packs').expect(401);
    await app.close();
  });

  it('gives no tenant to a public route that asks for one', async () => {
    const app = await start(PackhouseModule.forRoot({ auth: { secret: SECRET }, packs: {} }));
    await request(app.getHttpServer()).get('/lost').set('authorization', `Bearer ${token()}`).expect(500);
    await app.close();
  });

  it.each([{}, { secret: 'short' }, { secret: SECRET, jwksUrl: 'https://issuer.example/' }])(
    'does not start with nothing to verify tokens by: %j',
    async (auth) => {
      await expect(start(PackhouseModule.forRoot({ auth, packs: {} }))).rejects.toThrow(/secret/);
    },
  );
});
