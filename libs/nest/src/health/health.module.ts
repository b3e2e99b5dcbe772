import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { INDICATORS, type Indicator } from './indicator.js';
import { PackhouseHealthIndicator } from './packhouse-health-indicator.js';
import { Readiness } from './readiness.js';

/** `/health/*` alone, for a process that serves nothing else. `PackhouseModule` brings its own. */
@Module({
  // Terminus would log every probe of a draining process as an error; what matters is logged where it happens.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Readiness, PackhouseHealthIndicator],
})
export class HealthModule {
  static forRoot(indicators: Readonly<Record<string, Indicator>>): DynamicModule {
    const provider = { provide: INDICATORS, useValue: new Map(Object.entries(indicators)) };
    return { module: HealthModule, providers: [provider] };
  }
}
