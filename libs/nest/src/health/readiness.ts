import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether this process wants more requests. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  /** Has `/health/ready` say 503 from now on, so that balancers look elsewhere; requests are still served. */
  drain(): void {
    this.#draining = true;
  }

  onModuleDestroy(): void {
    this.drain();
  }
}
