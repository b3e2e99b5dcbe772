import { letYoungGenerationGrow } from './young-generation.js';

/** Something that runs until it is closed, which takes a bounded time. */
export interface Running {
  close(): Promise<void>;
}

/** One press of Ctrl-C reaches the process from the terminal and from each launcher above it that passes it on. */
const SAME_SIGNAL_MS = 1_000;

/** How long a start that a signal interrupts may still take: what it has opened is closed properly then. */
const START_MS = 25_000;

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Runs until SIGINT or SIGTERM and ends the process: with 0 once it is closed, at once on a second signal. */
export function runProcess(start: () => Promise<Running>): void {
  // A signal that comes before it has started waits for that.
  const running = start();
  running.then(letYoungGenerationGrow, fail);

  let stoppingSince: number | undefined;
  const stop = (signal: keyof typeof SIGNAL_NUMBERS) => {
    if (stoppingSince === undefined) {
      stoppingSince = performance.now();
      process.stderr.write('packhouse: stopping\n');
      const late = setTimeout(() => fail(new Error(`had not started within ${START_MS / 1000} s`)), START_MS);
      running
        .finally(() => clearTimeout(late))
        .then(({ close }) => close())
        .then(() => process.exit(0), fail);
    } else if (performance.now() - stoppingSince > SAME_SIGNAL_MS) {
      process.exit(128 + SIGNAL_NUMBERS[signal]);
    }
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

function fail(error: unknown): void {
  process.stderr.write(`packhouse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
