/**
 * The same stream, once it has begun: its first event is there, or `soon` has come. What fails until then is thrown here,
 * where it still can have a status.
 */
export async function begun<T>(stream: AsyncIterable<T>, soon: Promise<void>): Promise<AsyncIterable<T>> {
  const events = stream[Symbol.asyncIterator]();
  const first = events.next();
  // Told to whoever reads it.
  first.catch(() => undefined);
  await Promise.race([first, soon]);
  let next: typeof first | undefined = first;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const given = next ?? events.next();
        next = undefined;
        return given;
      },
      return: async (value) => (await events.return?.(value)) ?? { done: true, value },
    }),
  };
}
