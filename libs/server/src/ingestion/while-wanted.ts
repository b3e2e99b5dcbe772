const LOOK_MS = 2_000;

/**
 * Works with a signal that fires also when nobody wants the result any more: it looks every two seconds, and resolves
 * with nothing then.
 */
export async function whileWanted<T>(
  signal: AbortSignal,
  isWanted: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const unwanted = new AbortController();
  // A look that fails says nothing; the work that needs the same database will.
  const look = async () => (await isWanted().catch(() => true)) || unwanted.abort();
  const looking = setInterval(() => void look(), LOOK_MS);
  try {
    return await work(AbortSignal.any([signal, unwanted.signal]));
  } catch (error) {
    if (unwanted.signal.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(looking);
  }
}
