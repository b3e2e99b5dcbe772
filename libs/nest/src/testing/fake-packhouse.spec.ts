import { Body, Controller, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Retriever, TenantId } from '@packhouse/core';
import { listRetriever } from '@packhouse/core/testing';
import request from 'supertest';
import { ADAPTERS } from '../../fixtures/adapters.js';
import { SILENT } from '../../fixtures/serve.js';
import { SECRET } from '../../fixtures/token.js';
import { Roles } from '../auth/roles.js';
import { Tenant } from '../auth/tenant.decorator.js';
import { InjectPack } from '../inject-pack.js';
import { PackhouseModule } from '../packhouse.module.js';
import type { PackFactory } from '../packs.js';
import { fakePackhouse, type PackhouseFakes } from './fake-packhouse.js';

@Controller('search')
class SearchController {
  constructor(@InjectPack('search') private readonly search: PackFactory<Retriever>) {}

  @Post()
  @Roles('writer')
  async ask(@Tenant() tenant: TenantId, @Body() { text }: { text: string }) {
    const pack = this.search(tenant);
    return { tenant, pack: pack.name, hits: await pack.retrieve({ text, limit: 5 }) };
  }
}

const unreachable = async () => {
  throw new Error('The real parts are made.');
};

const GUARDED = PackhouseModule.forRootAsync({ useFactory: unreachable });
const OWN = PackhouseModule.forRootAsync({ tenant: unreachable, useFactory: unreachable });

@Module({ imports: [GUARDED], controllers: [SearchController] })
class GuardedModule {}

@Module({ imports: [OWN], controllers: [SearchController] })
class OwnModule {}

const packs = { search: () => listRetriever('a fake', []) };

async function serve(module: object, fakes: PackhouseFakes, adapter = ADAPTERS[0]![1]) {
  const testing = await fakePackhouse(Test.createTestingModule({ imports: [module as never] }), fakes).compile();
  const app = testing.createNestApplication(adapter(), { logger: SILENT });
  await app.listen(0, '127.0.0.1');
  return app;
}

describe.each(ADAPTERS)('fakePackhouse, on %s', (_, adapter) => {
  it.each([
    ['whose callers we sign in', GuardedModule],
    ['with guards of its own', OwnModule],
  ])('replaces packs, tenant and token of an app %s', async (_, module) => {
    const app = await serve(module, { packs }, adapter);
    const asked = request(app.getHttpServer()).post('/search').send({ text: 'anything' });
    await asked.expect(201, { tenant: 'test', pack: 'a fake', hits: [] });
    await app.close();
  });
});

describe('fakePackhouse', () => {
  it('lets a test choose who calls', async () => {
    const app = await serve(GuardedModule, { packs, tenant: 'acme', role: 'reader' });
    await request(app.getHttpServer()).post('/search').send({ text: 'anything' }).expect(403);
    await app.close();
  });

  it('leaves no real pack where a fake is forgotten', async () => {
    await expect(serve(GuardedModule, { packs: {} })).rejects.toThrow('the packs are none.');
  });

  it('refuses a tenant that could not be one', async () => {
    const auth = { secret: SECRET };
    const module = PackhouseModule.forRoot({ auth, packs });
    await expect(serve(module, { packs, tenant: 'no tenant' })).rejects.toThrow(/A tenant is named/);
  });
});
