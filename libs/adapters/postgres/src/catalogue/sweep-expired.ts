import type { TenantId } from '@packhouse/core';
import { deleteCollection } from '../chunks/delete-collection.js';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { eraseFile } from './erase-file.js';
import { files } from './files.js';
import { vectorStores } from './vector-stores.js';

/**
 * Deletes a tenant's expired files and takes everything out of its expired vector stores, each in a transaction of its
 * own, and returns how many they were. The stores stay, to say that they have expired, until they are deleted.
 */
export async function sweepExpired(db: Db, tenant: TenantId, signal?: AbortSignal): Promise<number> {
  const swept = await sweepExpiredFiles(db, tenant, signal);
  return swept + (await sweep(db, tenant, sweepStore, signal));
}

/** The files alone: for a search, which would find their chunks still. */
export function sweepExpiredFiles(db: Db, tenant: TenantId, signal?: AbortSignal): Promise<number> {
  return sweep(db, tenant, sweepFile, signal);
}

type SweepOne = (tx: TenantTx) => Promise<boolean>;

async function sweep(db: Db, tenant: TenantId, sweepOne: SweepOne, signal?: AbortSignal): Promise<number> {
  let swept = 0;
  while (await asTenant(db, tenant, sweepOne, signal)) swept += 1;
  return swept;
}

async function sweepFile(tx: TenantTx): Promise<boolean> {
  const expired = await files.nextExpired(tx);
  if (expired === null) return false;
  await eraseFile(tx, expired);
  return true;
}

async function sweepStore(tx: TenantTx): Promise<boolean> {
  const [expired] = await vectorStores.unswept(tx);
  if (expired === undefined) return false;
  if (await vectorStores.empty(tx, expired)) await deleteCollection(tx, expired);
  return true;
}
