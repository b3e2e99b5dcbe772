import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { PackhouseError, type SourceFile } from '@packhouse/core';
import { allReaders } from './all-readers.js';
import { anyOf } from './any-of.js';
import type { ReadLimits } from './limits.js';
import type { Outcome } from './outcome.js';
import { refusal } from './refusal.js';

const port = parentPort as MessagePort;
const reader = anyOf(allReaders(workerData as ReadLimits));

port.on('message', async (file: SourceFile) => port.postMessage(await outcome(file)));
port.postMessage('ready');

function outcome(file: SourceFile): Promise<Outcome> {
  return reader.read(file).then(
    (text) => ({ text }),
    (cause: unknown) => refused(PackhouseError.isInstance(cause) ? cause : unreadable(file, cause)),
  );
}

/** A class does not survive the way between threads; its code and its message do. */
function refused({ code, message, cause }: PackhouseError): Outcome {
  return { refused: { code, message, cause: cause instanceof Error ? cause.stack : undefined } };
}

/** What a parser throws of its own accord is about the file. */
const unreadable = (file: SourceFile, cause: unknown) =>
  refusal('corrupt', file, 'it is damaged and cannot be read. Save it anew.', cause);
