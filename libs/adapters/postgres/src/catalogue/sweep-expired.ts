import type { TenantId } from '@packhouse/core';
import { deleteCollection } from '../chunks/delete-collection.js';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { vectorStores } from './vector-stores.js';

/**
 * Takes everything out of a tenant's expired vector stores, each in a transaction of its own, and returns how many they
 * were. The stores stay, to say that they have expired, until they are deleted.
 */
export async function sweepExpired(db: Db, tenant: TenantId, signal?: AbortSignal): Promise<number> {
  let swept = 0;
  while (await asTenant(db, tenant, sweepOne, signal)) swept += 1;
  return swept;
}

async function sweepOne(tx: TenantTx): Promise<boolean> {
  const [expired] = await vectorStores.unswept(tx);
  if (expired === undefined) return false;
  if (await vectorStores.empty(tx, expired)) await deleteCollection(tx, expired);
  return true;
}
