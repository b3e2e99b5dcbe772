import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { abortError, PackhouseError, type ExtractedText, type SourceFile } from '@packhouse/core';
import type { ReadLimits } from './limits.js';
import type { Outcome } from './outcome.js';
import { refusal } from './refusal.js';

/** A thread that reads files, one at a time. */
export interface ReadingWorker {
  /** True once the thread has ended or is ending: it reads no more. */
  readonly gone: boolean;
  /** @throws PackhouseError the reader's own, `too_large` at a limit, `corrupt` where the file ended the thread */
  read(file: SourceFile, signal?: AbortSignal): Promise<ExtractedText>;
  stop(): void;
}

const START_MS = 30_000;
const WATCH_MS = 100;
const MIB = 2 ** 20;

/**
 * Starts a thread; resolves once it can read.
 *
 * The entry stands beside this file, written as bundlers know it. In dist both are JavaScript. In source they are
 * TypeScript, and the thread inherits the flags by which this process reads that: tsx, which also finds `.ts` for `.js`
 * (`npm start` and the test runner pass it).
 *
 * @throws PackhouseError `internal` where it does not start, which is no file's fault
 */
export async function startReadingWorker(limits: ReadLimits, signal?: AbortSignal): Promise<ReadingWorker> {
  const worker = new Worker(new URL('./worker-entry.js', import.meta.url), {
    name: 'packhouse-reader',
    workerData: limits,
    // A parser has no business with the settings and secrets of its process.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: limits.maxMemoryMb, maxYoungGenerationSizeMb: 64 },
  });
  const deadline = AbortSignal.timeout(START_MS);
  try {
    await once(worker, 'message', { signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
  } catch (cause) {
    void worker.terminate();
    if (signal?.aborted) throw abortError(signal);
    throw new PackhouseError('internal', 'The thread that reads files did not start.', { cause, retryable: true });
  }
  return overThread(worker, limits);
}

function overThread(worker: Worker, limits: ReadLimits): ReadingWorker {
  let gone = false;
  let file: SourceFile | undefined;
  let settle: PromiseWithResolvers<Outcome> | undefined;

  const end = (error?: Error) => {
    gone = true;
    settle?.reject(error);
    // Not waited for: a thread deep in one call of the engine ends when that call does.
    void worker.terminate();
  };
  worker.on('message', (outcome: Outcome) => settle?.resolve(outcome));
  worker.on('error', (cause) => end(file && deathOf(file, cause, limits)));
  worker.on('exit', () => end(file && deathOf(file, undefined, limits)));
  // Alone it does not keep the process from ending.
  worker.unref();

  return {
    get gone() {
      return gone;
    },
    stop: () => end(),
    async read(next, signal) {
      file = next;
      settle = Promise.withResolvers();
      const stopWatching = watch(worker, next, limits, end);
      const leave = () => signal && end(abortError(signal));
      signal?.addEventListener('abort', leave, { once: true });
      worker.ref();
      try {
        send(worker, next);
        return textOf(await settle.promise);
      } finally {
        stopWatching();
        signal?.removeEventListener('abort', leave);
        worker.unref();
        file = settle = undefined;
      }
    },
  };
}

/** A copy is handed over: the caller's bytes stay its own, and no larger buffer that they are a view of comes along. */
function send(worker: Worker, { filename, mediaType, bytes }: SourceFile): void {
  const copy = new Uint8Array(bytes);
  worker.postMessage({ filename, bytes: copy, ...(mediaType !== undefined && { mediaType }) }, [copy.buffer]);
}

/** The engine bounds a thread's heap but neither its time nor its buffers. Returns what ends the watch. */
function watch(worker: Worker, file: SourceFile, limits: ReadLimits, end: (error: Error) => void): () => void {
  const { timeoutMs, maxMemoryMb } = limits;
  const deadline = setTimeout(
    () => end(refusal('too_large', file, `it takes more than ${timeoutMs / 1000} seconds to read. Split it.`)),
    timeoutMs,
  );
  const look = async () => {
    const { external_memory: buffers } = await worker.getHeapStatistics();
    if (buffers > maxMemoryMb * MIB) end(tooMuchMemory(file, limits));
  };
  const looking = setInterval(() => void look().catch(() => undefined), WATCH_MS);
  return () => {
    clearTimeout(deadline);
    clearInterval(looking);
  };
}

function deathOf(file: SourceFile, cause: unknown, limits: ReadLimits): PackhouseError {
  const outOfMemory = (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (outOfMemory) return tooMuchMemory(file, limits);
  return refusal('corrupt', file, 'reading it broke the reader off. Save it anew.', cause);
}

const tooMuchMemory = (file: SourceFile, { maxMemoryMb }: ReadLimits) =>
  refusal('too_large', file, `it takes more than ${maxMemoryMb} MiB of memory to read. Split it into parts.`);

function textOf(outcome: Outcome): ExtractedText {
  if ('text' in outcome) return outcome.text;
  const { code, message, cause } = outcome.refused;
  throw new PackhouseError(code, message, { cause });
}
