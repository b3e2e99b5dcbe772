import { Controller, Get, Inject, Res, ServiceUnavailableException, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthCheck, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Public } from '../auth/public.js';
import { INDICATORS, type Indicator } from './indicator.js';
import { PackhouseHealthIndicator } from './packhouse-health-indicator.js';
import { Readiness } from './readiness.js';

/** Says of the process that it runs, and of the service whether a request would be served now. */
@Public()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly results: HealthIndicatorService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(INDICATORS) private readonly indicators: ReadonlyMap<string, Indicator>,
    @Inject(PackhouseHealthIndicator) private readonly parts: PackhouseHealthIndicator,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  /** Independent of every other part: to be restarted helps nobody whose database is away. */
  @Get(['live', 'startup'])
  @HealthCheck()
  live() {
    // Nest does not listen before every module has started: who is heard has started.
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  @Get('ready')
  @HealthCheck()
  async ready(@Res({ passthrough: true }) response: unknown) {
    const probes = Array.from(this.indicators, ([name, indicator]) => this.parts.check(name, indicator));
    try {
      return await this.health.check([() => this.accepting(), ...probes]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      this.host.httpAdapter.status(response, error.getStatus());
      return error.getResponse();
    }
  }

  private accepting() {
    const result = this.results.check('accepting');
    return this.readiness.draining ? result.down('draining') : result.up();
  }
}
