/** The command was called in a way it does not understand: the process ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Also what `parseArgs` refuses, and values of options that what is called refuses. */
export function isUsageError(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(ERR_PARSE_ARGS_\w+|invalid_request|invalid_tenant)$/.test(code);
}
