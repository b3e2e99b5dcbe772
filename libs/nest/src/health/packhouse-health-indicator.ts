import { Inject, Injectable, Logger } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import type { Indicator } from './indicator.js';

const DEADLINE_MS = 2_000;

/** Asks a part whether it works, as an indicator of terminus: `health.check([() => packhouse.check('database', ping)])`. */
@Injectable()
export class PackhouseHealthIndicator {
  private readonly logger = new Logger('Health');

  constructor(@Inject(HealthIndicatorService) private readonly results: HealthIndicatorService) {}

  check<const Name extends string>(name: Name, indicator: Indicator) {
    return this.results
      .check(name)
      .attempt(({ signal }) => this.reported(name, indicator, signal))
      .withTimeout(DEADLINE_MS);
  }

  /** Anyone may read the answer: what went wrong, with its hosts and names, goes to the log. */
  private async reported(name: string, indicator: Indicator, signal: AbortSignal) {
    try {
      await indicator(signal);
    } catch (error) {
      this.logger.warn(`${name} is down: ${error instanceof Error ? error.message : String(error)}`);
      // Terminus shows the message alone.
      throw new Error('see the log', { cause: error });
    }
  }
}
