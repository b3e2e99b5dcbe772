import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import { abortError, PackhouseError, type ExtractedText, type SourceFile } from '@packhouse/core';
import type { ReadLimits } from './limits.js';
import type { Outcome } from './outcome.js';
import { refusal } from './refusal.js';

/** A process that reads files, one at a time. */
export interface ReadingProcess {
  /** True once it has ended or is ending: it reads no more. */
  readonly gone: boolean;
  /** @throws PackhouseError the reader's own, `too_large` at a limit, `corrupt` where the file ended the process */
  read(file: SourceFile, signal?: AbortSignal): Promise<ExtractedText>;
  stop(): void;
}

const START_MS = 60_000;

/** What is written in TypeScript is run as `npm start` runs it; in dist there is none of this. */
const loader = () => ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
const FROM_SOURCE = import.meta.url.endsWith('.ts') ? [...loader(), '--conditions', '@packhouse/source'] : [];

/**
 * Starts a process; resolves once it can read.
 *
 * Its program stands beside this file, as JavaScript in dist and as TypeScript in source, where tsx finds `.ts` for
 * `.js`: so it is found from an installed package, in development and under a test runner alike. The flags of this
 * process are not handed on: `--eval` among them would run its program again, `--inspect` take its port.
 *
 * @throws PackhouseError `internal` where it does not start, which is no file's fault
 */
export async function startReadingProcess(limits: ReadLimits, signal?: AbortSignal): Promise<ReadingProcess> {
  const child = fork(new URL('./process-entry.js', import.meta.url), [JSON.stringify(limits)], {
    // No part of a file becomes code, whatever a parser thinks of it.
    execArgv: [...FROM_SOURCE, '--disallow-code-generation-from-strings', `--max-old-space-size=${limits.maxMemoryMb}`],
    // A parser has no business with the settings and secrets of its parent.
    env: {},
    // Bytes travel as bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastWords = tail(child);
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const signals = [ended.signal, AbortSignal.timeout(START_MS), ...(signal ? [signal] : [])];
  try {
    await once(child, 'message', { signal: AbortSignal.any(signals) });
  } catch (cause) {
    child.on('error', () => undefined).kill('SIGKILL');
    if (signal?.aborted) throw abortError(signal);
    throw new PackhouseError('internal', `The process that reads files did not start. ${lastWords()}`, {
      cause,
      retryable: true,
    });
  }
  return overProcess(child, limits);
}

/** @internal Exported for its tests. */
export function overProcess(child: ChildProcess, limits: ReadLimits): ReadingProcess {
  let gone = false;
  let current: { file: SourceFile; settle: PromiseWithResolvers<Outcome> } | undefined;

  const end = (error?: Error) => {
    gone = true;
    child.kill('SIGKILL');
    current?.settle.reject(error);
  };
  child.on('message', (outcome: Outcome) => current?.settle.resolve(outcome));
  child.on('exit', (code, signal) => end(current && deathOf(current.file, limits, code, signal)));
  child.on('error', (cause) => end(current && deathOf(current.file, limits, cause)));
  holding(child, false);

  return {
    get gone() {
      return gone;
    },
    stop: () => end(),
    async read(file, signal) {
      const settle = Promise.withResolvers<Outcome>();
      current = { file, settle };
      const { timeoutMs } = limits;
      const late = () => end(refusal('too_large', file, `it takes more than ${timeoutMs} ms to read. Split it.`));
      const deadline = setTimeout(late, timeoutMs);
      const leave = () => signal && end(abortError(signal));
      signal?.addEventListener('abort', leave, { once: true });
      holding(child, true);
      try {
        send(child, file);
        return textOf(await settle.promise);
      } finally {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', leave);
        holding(child, false);
        current = undefined;
      }
    },
  };
}

/** Whether this process, while it has nothing else to do, waits for the other. */
function holding(child: ChildProcess, hold: boolean): void {
  for (const handle of [child, child.channel, child.stderr as Socket | null]) handle?.[hold ? 'ref' : 'unref']();
}

/** What cannot be sent has its reason in the other's end, which is told of by itself. */
function send(child: ChildProcess, { filename, mediaType, bytes }: SourceFile): void {
  child.send({ filename, bytes, ...(mediaType !== undefined && { mediaType }) }, () => undefined);
}

/** The engine aborts for want of heap, our watchdog for want of memory altogether. Who kills means the process, not the file. */
function deathOf(file: SourceFile, limits: ReadLimits, code: unknown, signal?: NodeJS.Signals | null): PackhouseError {
  if (signal === 'SIGKILL') {
    const message = `${file.filename}: the process that was reading it was killed.`;
    return new PackhouseError('internal', message, { retryable: true });
  }
  if (code === 134 || signal === 'SIGABRT') {
    return refusal('too_large', file, `it takes more than ${limits.maxMemoryMb} MiB of memory to read. Split it.`);
  }
  return refusal('corrupt', file, 'reading it broke the reader off. Save it anew.', signal ?? code);
}

/** Reads what the process says on stderr, so that it does not wait for a reader; returns the end of it. */
function tail({ stderr }: ChildProcess): () => string {
  let words = '';
  stderr?.setEncoding('utf8').on('data', (piece: string) => (words = (words + piece).slice(-2_000)));
  return () => words.trim();
}

function textOf(outcome: Outcome): ExtractedText {
  if ('text' in outcome) return outcome.text;
  const { code, message, cause } = outcome.refused;
  throw new PackhouseError(code, message, { cause });
}
