/** Small work that nobody waits for: one piece of a kind at a time, so that it never piles up. */
export interface BesideRequests {
  /** Starts the work, unless one of its kind is running: false then, and nothing happens. */
  start(kind: string, work: () => Promise<void>): boolean;
  /** Resolves once nothing is running. */
  settled(): Promise<void>;
}

export function besideRequests(onError: (error: unknown) => void): BesideRequests {
  const running = new Map<string, Promise<void>>();
  return {
    start(kind, work) {
      if (running.has(kind)) return false;
      const done = work()
        .catch(onError)
        .finally(() => running.delete(kind));
      running.set(kind, done);
      return true;
    },
    settled: async () => void (await Promise.all(running.values())),
  };
}
