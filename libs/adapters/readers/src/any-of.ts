import { throwIfAborted, type Reader } from '@packhouse/core';
import { choose } from './choose.js';

/** Several readers as one: a file is read by the first that takes it, in this thread. */
export function anyOf(readers: readonly Reader[]): Reader {
  return {
    name: readers.map(({ name }) => name).join(', '),
    accepts: (file) => readers.some((each) => each.accepts(file)),
    async read(file, signal) {
      throwIfAborted(signal);
      return choose(readers, file).read(file, signal);
    },
  };
}
