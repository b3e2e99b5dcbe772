import { constants } from 'node:os';

/** Why a command was ended from outside. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  /** As shells report it: 130 after Ctrl-C, 143 after SIGTERM. */
  readonly exitCode: number;
  constructor(by: 'SIGINT' | 'SIGTERM') {
    super('stopped.');
    this.exitCode = 128 + constants.signals[by];
  }
}

/** Under npm one Ctrl-C arrives twice: from the terminal, and passed on by the process above. */
const SAME_MS = 1_000;

/** Fires at the first Ctrl-C or SIGTERM. Another one, of a person who cannot wait, ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const stop = (by: 'SIGINT' | 'SIGTERM') => {
    const stopped = new Stopped(by);
    if (first !== undefined && Date.now() - first > SAME_MS) process.exit(stopped.exitCode);
    first ??= Date.now();
    controller.abort(stopped);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return controller.signal;
}
