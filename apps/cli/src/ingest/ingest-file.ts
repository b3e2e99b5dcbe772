import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../api/api.js';
import { ApiError } from '../api/api-error.js';
import type { FileObject, StoreFileObject } from '../api/objects.js';
import { digest } from './digest.js';
import { fileSystemFault } from './file-system-fault.js';
import { DIGEST, type StoredContents } from './stored-contents.js';

/** How it went with a file. */
export interface Outcome {
  readonly outcome: 'ingested' | 'unchanged' | 'failed';
  readonly file_id?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Target {
  readonly api: Api;
  readonly store: string;
  readonly stored: StoredContents;
  /** What is being brought there now, by its digest: copies of a file wait for each other. */
  readonly underWay: Map<string, Promise<unknown>>;
}

/**
 * Takes a file to where it can be searched, or is known not to be. Goes on from wherever an earlier run left it: what is
 * there is not sent again, what is under way is waited for, and what failed is tried again.
 *
 * @throws what concerns more than this file: the server is gone, the token refused, the wait too long
 */
export async function ingestFile(target: Target, path: string, signal: AbortSignal): Promise<Outcome> {
  try {
    const content = await digest(path, signal);
    const copy = target.underWay.get(content)?.catch(() => undefined);
    const mine = Promise.resolve(copy).then(() => bring(target, path, content, signal));
    target.underWay.set(content, mine);
    return await mine;
  } catch (error) {
    return { outcome: 'failed', error: faultOfFile(error) };
  }
}

async function bring(target: Target, path: string, content: string, signal: AbortSignal): Promise<Outcome> {
  const before = target.stored.get(content);
  if (before?.status === 'completed') return { outcome: 'unchanged', file_id: before.id };
  const attached = before?.status === 'in_progress' ? before : await attach(target, path, content, before);
  const after = await settled(target, attached, signal);
  target.stored.set(content, after);
  const { id, status, last_error } = after;
  if (status === 'completed') return { outcome: 'ingested', file_id: id };
  return { outcome: 'failed', file_id: id, error: last_error ?? { code: status, message: 'It was not ingested.' } };
}

/** Sends what is not there, and has it ingested. What failed under another name may have failed for that name. */
async function attach(
  { api, store }: Target,
  path: string,
  content: string,
  before: StoreFileObject | undefined,
): Promise<StoreFileObject> {
  const earlier = before && (await api.get<FileObject>(`/files/${before.id}`));
  const { id } = earlier?.filename === basename(path) ? earlier : await upload(api, path);
  return api.post(`/vector_stores/${store}/files`, { file_id: id, attributes: { [DIGEST]: content } });
}

async function upload(api: Api, path: string): Promise<FileObject> {
  const form = new FormData();
  form.set('purpose', 'assistants');
  // Read from disk as it is sent.
  form.set('file', await openAsBlob(path), basename(path));
  return api.upload('/files', form);
}

/** Longer than any file takes; if none gets further, nothing works on them. */
const PATIENCE_MS = 30 * 60_000;
const [FIRST_POLL_MS, LAST_POLL_MS] = [50, 2_000];

async function settled(
  { api, store }: Target,
  attached: StoreFileObject,
  signal: AbortSignal,
): Promise<StoreFileObject> {
  const deadline = Date.now() + PATIENCE_MS;
  let file = attached;
  for (let ms = FIRST_POLL_MS; file.status === 'in_progress'; ms = Math.min(ms * 1.5, LAST_POLL_MS)) {
    if (Date.now() > deadline) throw new Error('A file waits for 30 minutes now: is a worker running?');
    await sleep(ms, undefined, { signal });
    file = await api.get(`/vector_stores/${store}/files/${file.id}`);
  }
  return file;
}

/** What is said of the file alone, by the file system or the server. */
function faultOfFile(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError && [400, 413, 415, 422].includes(error.status)) {
    return { code: error.status === 413 ? 'too_large' : 'refused', message: error.message };
  }
  const fault = fileSystemFault(error);
  if (fault) return fault;
  throw error;
}
