/** Nothing answers, or it stopped answering. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export function unreachable(url: string, cause: unknown): UnreachableError {
  const { origin } = new URL(url);
  const message = isTimeout(cause)
    ? `${origin} did not answer in time.`
    : `Nothing answers at ${origin} (${reasonOf(cause)}). Start the server there (npm start), or set PACKHOUSE_URL to ` +
      'where it runs; packhouse doctor says more.';
  return new UnreachableError(message, { cause });
}

const isTimeout = (error: unknown) => (error as Error | undefined)?.name === 'TimeoutError';

/** `fetch failed` is all that fetch says itself; a name with several addresses has a failure for each. */
function reasonOf(error: unknown): string {
  const { cause, errors, code, message } = error as NodeJS.ErrnoException & { errors?: unknown[] };
  if (cause) return reasonOf(cause);
  return errors?.[0] ? reasonOf(errors[0]) : (code ?? message);
}
