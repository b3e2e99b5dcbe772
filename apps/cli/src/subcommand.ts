import { UsageError } from './usage-error.js';

/**
 * What the first word names, and the words after it; `list` where there is none.
 *
 * @throws UsageError
 */
export function subcommand<Action>(
  actions: Readonly<Record<string, Action>>,
  [name = 'list', ...rest]: readonly string[],
): { action: Action; rest: readonly string[] } {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action) return { action, rest };
  throw new UsageError(`"${name}" is none of ${Object.keys(actions).join(', ')}.`);
}
