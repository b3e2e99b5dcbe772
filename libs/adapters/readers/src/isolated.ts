import { availableParallelism } from 'node:os';
import { throwIfAborted, type Reader } from '@packhouse/core';
import { allReaders } from './all-readers.js';
import { anyOf } from './any-of.js';
import { choose } from './choose.js';
import { READ_LIMITS, type ReadLimits } from './limits.js';
import { startReadingWorker, type ReadingWorker } from './reading-worker.js';
import { refusal } from './refusal.js';
import { turns } from './turns.js';

export interface IsolatedOptions extends Partial<ReadLimits> {
  /** Most files at once, each in a thread of its own. @default one a core, at most 2 */
  workers?: number;
}

/** A thread that had nothing to read for so long is let go, with its memory. */
const IDLE_MS = 30_000;

/**
 * Reads files of every format, each in a worker thread: one that hangs, takes too much memory or crashes its parser ends
 * as that file's typed error, and the next file gets a new thread. Threads start with the first file, are kept for the
 * next, and do not keep the process from ending. The signal ends the thread.
 */
export function isolated({ workers = defaultWorkers(), ...options }: IsolatedOptions = {}): Reader {
  const limits = { ...READ_LIMITS, ...options };
  const readers = allReaders(limits);
  const { name, accepts } = anyOf(readers);
  const { take, pass } = turns(workers);
  const idle = idleWorkers();
  return {
    name,
    accepts,
    async read(file, signal) {
      throwIfAborted(signal);
      choose(readers, file);
      if (file.bytes.length > limits.maxBytes) {
        throw refusal('too_large', file, `it has more than ${limits.maxBytes} bytes. Split it into parts.`);
      }
      await take(signal);
      try {
        const worker = idle.take() ?? (await startReadingWorker(limits, signal));
        return await worker.read(file, signal).finally(() => idle.put(worker));
      } finally {
        pass();
      }
    },
  };
}

const defaultWorkers = () => Math.min(2, availableParallelism());

function idleWorkers() {
  const idle = new Map<ReadingWorker, NodeJS.Timeout>();
  const remove = (worker: ReadingWorker) => {
    clearTimeout(idle.get(worker));
    idle.delete(worker);
  };
  return {
    take(): ReadingWorker | undefined {
      for (const worker of idle.keys()) {
        remove(worker);
        if (!worker.gone) return worker;
      }
      return undefined;
    },
    put(worker: ReadingWorker): void {
      if (worker.gone) return;
      const letGo = () => {
        remove(worker);
        worker.stop();
      };
      idle.set(worker, setTimeout(letGo, IDLE_MS).unref());
    },
  };
}
