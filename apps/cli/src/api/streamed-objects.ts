import { ApiError } from './api-error.js';

/**
 * The objects in the `data` of server-sent events, to `[DONE]`.
 *
 * @throws ApiError for one that says what went wrong on the way; Error where the end is missing
 */
export async function* streamedObjects<T>(events: AsyncIterable<{ readonly data: string }>): AsyncGenerator<T> {
  for await (const { data } of events) {
    if (data === '[DONE]') return;
    const object = JSON.parse(data) as { readonly error?: { readonly message: string } };
    if (object.error) throw new ApiError(200, object.error.message);
    yield object as T;
  }
  throw new Error('the answer was cut off');
}
