import type { Api } from './api/api.js';
import type { StoreObject } from './api/objects.js';
import { orUndefined } from './api/or-undefined.js';

/** Where `ingest` puts files and `search` looks for them, if nothing is said. */
export const DEFAULT_STORE = 'default';

/**
 * The store of this id or name, undefined if there is none.
 *
 * @throws Error where several have this name: then only the id tells which is meant
 */
export async function findStore(api: Api, idOrName: string): Promise<StoreObject | undefined> {
  if (/^vs_\w+$/.test(idOrName)) return orUndefined(api.get<StoreObject>(`/vector_stores/${idOrName}`));
  const named: StoreObject[] = [];
  for await (const store of api.all<StoreObject>('/vector_stores')) if (store.name === idOrName) named.push(store);
  if (named.length < 2) return named[0];
  throw new Error(`${named.length} stores are named "${idOrName}": say which by its id, ${idsOf(named)}.`);
}

/** @throws Error naming the stores that there are */
export async function requireStore(api: Api, idOrName: string): Promise<StoreObject> {
  const found = await findStore(api, idOrName);
  if (found) return found;
  const names: string[] = [];
  for await (const { name, id } of api.all<StoreObject>('/vector_stores')) names.push(name || id);
  const others = names.length > 0 ? `There is ${names.slice(0, 10).join(', ')}.` : 'Make one: packhouse ingest PATH.';
  throw new Error(`There is no vector store "${idOrName}". ${others}`);
}

const idsOf = (stores: readonly StoreObject[]) => stores.map(({ id }) => id).join(' or ');
