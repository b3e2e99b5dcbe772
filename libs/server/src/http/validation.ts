import { StandardSchemaValidationPipe } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';

/** Checks every body and query against its one schema; what is wrong with the first field at fault is the answer. */
class Validation extends StandardSchemaValidationPipe {
  /**
   * Nest's own deletes members called `constructor` and `prototype`, and with them a caller's metadata. They do no harm:
   * nothing is merged into prototypes here, and Fastify has refused `__proto__` before.
   */
  protected override stripProtoKeys(): void {
    return;
  }
}

export const validation = () =>
  new Validation({
    exceptionFactory: ([issue]) => {
      const param = issue?.path?.map((part) => (typeof part === 'object' ? part.key : part)).join('.');
      const message = param ? `${param}: ${issue?.message}` : (issue?.message ?? 'The request is not valid.');
      return new PackhouseError('invalid_request', message, param ? { param } : {});
    },
  });
