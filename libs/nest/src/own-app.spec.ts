import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Param,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { PackhouseError, type Retriever, type TenantId } from '@packhouse/core';
import request from 'supertest';
import { ADAPTERS } from '../fixtures/adapters.js';
import { SILENT } from '../fixtures/serve.js';
import { Tenant } from './auth/tenant.decorator.js';
import { PackhouseHealthIndicator } from './health/packhouse-health-indicator.js';
import { InjectPack } from './inject-pack.js';
import { PackhouseModule } from './packhouse.module.js';
import type { PackFactory } from './packs.js';
import { ProblemFilter } from './problems/problem.filter.js';

/** The app's own people, teams and sign-in, which know nothing of ours. */
interface TeamRequest {
  headers: { 'x-ticket'?: string };
  member?: { team: string | undefined };
}

const MEMBERS: Record<string, TeamRequest['member']> = {
  ada: { team: 'acme' },
  eve: { team: 'umbrella' },
  mallory: { team: "' or true --" },
  nobody: { team: undefined },
};

@Injectable()
class TicketGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const asking = context.switchToHttp().getRequest<TeamRequest>();
    const member = MEMBERS[asking.headers['x-ticket'] ?? ''];
    if (!member) throw new UnauthorizedException('No ticket.');
    asking.member = member;
    return true;
  }
}

const search: PackFactory<Retriever> = (tenant) => ({
  name: `of ${tenant}`,
  retrieve: async () => {
    throw new PackhouseError('unavailable', 'The shelf is being moved.');
  },
});

@Controller('search')
@UseGuards(TicketGuard)
@UseFilters(ProblemFilter)
class SearchController {
  constructor(@InjectPack('search') private readonly search: PackFactory<Retriever>) {}

  @Get('name')
  name(@Tenant() tenant: TenantId) {
    return { pack: this.search(tenant).name };
  }

  @Get()
  ask(@Tenant() tenant: TenantId) {
    return this.search(tenant).retrieve({ text: 'anything', limit: 1 });
  }
}

/** Routes of the app that have nothing to do with us. */
@Controller()
class OtherController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(PackhouseHealthIndicator) private readonly packhouse: PackhouseHealthIndicator,
  ) {}

  @Get('open')
  open() {
    return { open: true };
  }

  @Get('health/ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.packhouse.check('database', async () => {})]);
  }

  @Get('fails/:how')
  fails(@Param('how') how: string) {
    throw how === 'ours' ? new PackhouseError('not_found', 'Not here.') : new UnauthorizedException('Theirs.');
  }
}

const SETTINGS = Symbol('settings');

@Module({ providers: [{ provide: SETTINGS, useValue: { search } }], exports: [SETTINGS] })
class SettingsModule {}

const packhouse = () =>
  PackhouseModule.forRootAsync({
    tenant: ({ member }: TeamRequest) => member?.team,
    imports: [SettingsModule],
    inject: [SETTINGS],
    useFactory: async (packs: { search: PackFactory<Retriever> }) => ({ packs }),
  });

async function start(module: DynamicModule, [, adapter] = ADAPTERS[0]!) {
  @Module({
    imports: [module, TerminusModule],
    controllers: [SearchController, OtherController],
    providers: [PackhouseHealthIndicator],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, adapter(), { logger: SILENT, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  return app;
}

describe.each(ADAPTERS)('an app of its own guard, on %s', (...adapter) => {
  let app: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    app = await start(packhouse(), adapter);
  });
  afterAll(() => app.close());

  const get = (path: string, ticket?: string) => {
    const asked = request(app.getHttpServer()).get(path);
    return ticket ? asked.set('x-ticket', ticket) : asked;
  };

  it('asks its packs for the tenant that its own guard let in', async () => {
    await get('/search/name', 'ada').expect(200, { pack: 'of acme' });
    await get('/search/name', 'eve').expect(200, { pack: 'of umbrella' });
    await get('/search/name').expect(401);
  });

  it('asks no pack where the request names no tenant, or what cannot be one', async () => {
    expect((await get('/search/name', 'nobody').expect(401)).body.code).toBe('unauthenticated');
    expect((await get('/search/name', 'mallory').expect(400)).body.code).toBe('invalid_tenant');
  });

  it('has problem documents where it asks for them', async () => {
    const { body, headers } = await get('/search', 'ada').expect(503);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('is otherwise left as it was', async () => {
    const { headers } = await get('/open').expect(200, { open: true });
    expect(headers).not.toHaveProperty('x-request-id');
    await get('/fails/theirs').expect(401, { statusCode: 401, message: 'Theirs.', error: 'Unauthorized' });
    await get('/fails/ours').expect(500);
    await get('/health/live').expect(404);
  });

  it('takes the health indicator alone', async () => {
    const { body } = await get('/health/ready').expect(200);
    expect(body.details).toMatchObject({ database: { status: 'up' } });
  });
});

describe('tenant beside options that count on our guard', () => {
  it.each([{ auth: { secret: 'a secret of the tests, 32 bytes or more' } }, { indicators: {} }])(
    'does not start: %j',
    async (options) => {
      const module = PackhouseModule.forRoot({ tenant: () => 'acme', packs: { search }, ...options });
      await expect(start(module)).rejects.toThrow(/not both/);
    },
  );

  it('is not left out by mistake', async () => {
    await expect(start(PackhouseModule.forRoot({ packs: { search } }))).rejects.toThrow(/`auth`.*`tenant`/);
  });
});
