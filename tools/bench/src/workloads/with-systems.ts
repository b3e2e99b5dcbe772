import { openFresh, type Opened } from '../systems/databases.js';
import type { WorkloadOptions } from './workload.js';

/** Opens each system on a fresh database, and drops those at the end. */
export async function withSystems<T>(
  { serverUrl, kinds }: WorkloadOptions,
  suffix: string,
  work: (opened: readonly Opened[]) => Promise<T>,
): Promise<T> {
  const opened: Opened[] = [];
  try {
    for (const kind of kinds) opened.push(await openFresh(serverUrl, kind, suffix));
    return await work(opened);
  } finally {
    for (const each of opened) await each.drop();
  }
}
