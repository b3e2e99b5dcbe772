import { StandardSchemaValidationPipe } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';

/** Checks every body and query against its one schema; what is wrong with the first field at fault is the answer. */
export const validation = () =>
  new StandardSchemaValidationPipe({
    exceptionFactory: ([issue]) => {
      const param = issue?.path?.map((part) => (typeof part === 'object' ? part.key : part)).join('.');
      const message = param ? `${param}: ${issue?.message}` : (issue?.message ?? 'The request is not valid.');
      return new PackhouseError('invalid_request', message, param ? { param } : {});
    },
  });
