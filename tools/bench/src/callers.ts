/** The times of what callers at once got done, in milliseconds, and how long all took. */
export interface Served {
  readonly times: readonly number[];
  readonly seconds: number;
}

/** Lets so many callers take one piece of work after the other until all is done or the time is up. */
export async function serve(
  callers: number,
  works: readonly (() => Promise<void>)[],
  limitSeconds = Infinity,
): Promise<Served> {
  const times: number[] = [];
  const began = performance.now();
  const end = began + 1000 * limitSeconds;
  let taken = 0;
  const caller = async () => {
    while (performance.now() < end) {
      const work = works[taken++];
      if (!work) return;
      const before = performance.now();
      await work();
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { times, seconds: (performance.now() - began) / 1000 };
}
