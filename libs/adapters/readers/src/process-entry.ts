import { writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { PackhouseError, type SourceFile } from '@packhouse/core';
import { allReaders } from './all-readers.js';
import { anyOf } from './any-of.js';
import type { ReadLimits } from './limits.js';
import type { Outcome } from './outcome.js';
import { refusal } from './refusal.js';

const limits = JSON.parse(process.argv[2] as string) as ReadLimits;
const reader = anyOf(allReaders(limits));

const { ppid: parent } = process;
new Worker(new URL('./watchdog.js', import.meta.url), { workerData: { parent, maxMemoryMb: limits.maxMemoryMb } });
// Where the machine runs out of memory, this is the process that can be missed. Linux alone knows of it.
void writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
// A terminal and a service manager send these to all processes at once: the file in hand is the parent's to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

process.on('disconnect', () => process.exit());
process.on('message', async (file: SourceFile) => process.send?.(await outcome(file)));
process.send?.('ready');

function outcome(file: SourceFile): Promise<Outcome> {
  return reader.read(file).then(
    (text) => ({ text }),
    (cause: unknown) => refused(PackhouseError.isInstance(cause) ? cause : unreadable(file, cause)),
  );
}

/** A class does not survive the way between processes; its code and its message do. */
function refused({ code, message, cause }: PackhouseError): Outcome {
  return { refused: { code, message, cause: cause instanceof Error ? cause.stack : undefined } };
}

/** What a parser throws of its own accord is about the file. */
const unreadable = (file: SourceFile, cause: unknown) =>
  refusal('corrupt', file, 'it is damaged and cannot be read. Save it anew.', cause);
