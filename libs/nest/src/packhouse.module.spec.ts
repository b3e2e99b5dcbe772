import { Controller, Get, Inject, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Retriever } from '@packhouse/core';
import request from 'supertest';
import { ADAPTERS } from '../fixtures/adapters.js';
import { SILENT } from '../fixtures/serve.js';
import { SECRET, token } from '../fixtures/token.js';
import { Public } from './auth/public.js';
import { Tenant } from './auth/tenant.decorator.js';
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

async function start(module: DynamicModule | Type, adapter = ADAPTERS[0]![1]) {
  @Module({ imports: [module], controllers: [PacksController] })
  class AppModule {}
  const app = await NestFactory.create(AppModule, adapter(), { logger: SILENT, abortOnError: false });
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
    for (const [, adapter] of ADAPTERS) {
      const app = await start(module(), adapter);
      const asked = request(app.getHttpServer()).get('/packs').set('authorization', `Bearer ${token()}`);
      await asked.expect(200, [['named', 'of acme']]);
      const { body } = await request(app.getHttpServer()).get('/packs').expect(401);
      expect(body).toMatchObject({ code: 'unauthenticated', instance: '/packs' });
      await request(app.getHttpServer()).get('/health/ready').expect(200);
      await app.close();
    }
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
