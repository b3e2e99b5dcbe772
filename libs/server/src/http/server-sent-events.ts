import { Readable } from 'node:stream';
import { PackhouseError } from '@packhouse/core';

/**
 * Objects as a stream of `data:` events that ends with `[DONE]`, as OpenAI's clients read it. What fails on the way is
 * a last event with an `error` member, on which those clients throw: an answer is never silently short.
 */
export function serverSentEvents(objects: AsyncIterable<object>, onError: (error: unknown) => void): Readable {
  return Readable.from(frames(objects, onError));
}

async function* frames(objects: AsyncIterable<object>, onError: (error: unknown) => void) {
  try {
    for await (const object of objects) yield frame(object);
    yield 'data: [DONE]\n\n';
  } catch (error) {
    // Nobody is left to tell, and nothing is wrong.
    if (PackhouseError.is(error, 'aborted')) return;
    onError(error);
    yield frame({ error: streamError(error) });
  }
}

const frame = (object: object) => `data: ${JSON.stringify(object)}\n\n`;

function streamError(error: unknown) {
  const known = PackhouseError.isInstance(error) && error.code !== 'internal';
  return {
    message: known ? error.message : 'The answer could not be finished.',
    type: 'server_error',
    code: known ? error.code : 'internal',
    param: null,
  };
}
