/**
 * Works on many things at once, on at most `width` of them. The first that fails ends all: what is in hand is told by
 * the signal, and waited for.
 */
export async function forEachOf<T>(
  items: Iterable<T>,
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const rest = Iterator.from(items);
  const worker = async () => {
    try {
      for (const item of rest) {
        either.throwIfAborted();
        await work(item, either);
      }
    } catch (error) {
      failed.abort(error);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  either.throwIfAborted();
}
