import { availableParallelism } from 'node:os';
import { PackhouseError, throwIfAborted, type Reader } from '@packhouse/core';
import { allReaders } from './all-readers.js';
import { anyOf } from './any-of.js';
import { choose } from './choose.js';
import { READ_LIMITS, type ReadLimits } from './limits.js';
import { startReadingProcess, type ReadingProcess } from './reading-process.js';
import { refusal } from './refusal.js';
import { turns } from './turns.js';

export interface IsolatedOptions extends Partial<ReadLimits> {
  /** Most files at once, each in a process of its own. @default one a core, at most 2 */
  processes?: number;
}

/** A process that had nothing to read for so long is let go, with its memory. */
const IDLE_MS = 30_000;

/** Less, and the engine aborts before it has begun. */
const LEAST_MEMORY_MB = 32;

/**
 * Reads files of every format, each in a process beside this one: one that hangs, takes too much memory or crashes its
 * parser ends as that file's typed error, and the next file gets a new process. Processes start with the first file, are
 * kept for the next, and do not keep this one from ending. The signal ends the process.
 *
 * Not worker threads: a thread that runs out of heap in one large allocation takes the whole process along, whatever its
 * `resourceLimits` say (DECISIONS.md).
 *
 * @throws PackhouseError `invalid_request` for less than 32 MiB of memory
 */
export function isolated({ processes = defaultProcesses(), ...options }: IsolatedOptions = {}): Reader {
  const limits = { ...READ_LIMITS, ...options };
  if (limits.maxMemoryMb < LEAST_MEMORY_MB) {
    throw new PackhouseError('invalid_request', `maxMemoryMb: is ${LEAST_MEMORY_MB} or more.`);
  }
  const readers = allReaders(limits);
  const { name, accepts } = anyOf(readers);
  const { take, pass } = turns(processes);
  const idle = idleProcesses();
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
        const process = idle.take() ?? (await startReadingProcess(limits, signal));
        return await process.read(file, signal).finally(() => idle.put(process));
      } finally {
        pass();
      }
    },
  };
}

const defaultProcesses = () => Math.min(2, availableParallelism());

function idleProcesses() {
  const idle = new Map<ReadingProcess, NodeJS.Timeout>();
  const remove = (process: ReadingProcess) => {
    clearTimeout(idle.get(process));
    idle.delete(process);
  };
  return {
    take(): ReadingProcess | undefined {
      for (const process of idle.keys()) {
        remove(process);
        if (!process.gone) return process;
      }
      return undefined;
    },
    put(process: ReadingProcess): void {
      if (process.gone) return;
      const letGo = () => {
        remove(process);
        process.stop();
      };
      idle.set(process, setTimeout(letGo, IDLE_MS).unref());
    },
  };
}
