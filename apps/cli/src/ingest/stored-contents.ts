import type { Api } from '../api/api.js';
import type { StoreFileObject } from '../api/objects.js';

/** The attribute of a file in a store in which `ingest` keeps what it is known by, whatever it is called. */
export const DIGEST = 'sha256';

/** What is in a store already, by the digest of its content. */
export type StoredContents = Map<string, StoreFileObject>;

/** Only what was put there by `ingest`: the API shows no digest of its own. */
export async function storedContents(api: Api, store: string): Promise<StoredContents> {
  const stored: StoredContents = new Map();
  for await (const file of api.all<StoreFileObject>(`/vector_stores/${store}/files`)) {
    const digest = file.attributes?.[DIGEST];
    if (typeof digest === 'string' && stored.get(digest)?.status !== 'completed') stored.set(digest, file);
  }
  return stored;
}
