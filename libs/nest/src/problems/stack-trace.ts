/** So many causes are followed: one that leads back to itself ends here. */
const DEEPEST_CAUSE = 5;

/** An error's stack and those of its causes. Stacks alone: an error's other properties may hold keys and texts. */
export function stackTrace(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error)) return `Not an error was thrown, but a ${typeof thrown}.`;
  const own = thrown.stack ?? thrown.message;
  if (thrown.cause === undefined || depth === DEEPEST_CAUSE) return own;
  return `${own}\nCaused by: ${stackTrace(thrown.cause, depth + 1)}`;
}
