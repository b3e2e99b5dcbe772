import { createHash } from 'node:crypto';
import type { TenantId } from '@packhouse/core';
import { asTenant, generations, type Db, type TenantTx } from '@packhouse/postgres';
import type { Embedders } from '../parts/embedder.js';
import type { Queue } from '../parts/parts.js';
import type { BesideRequests } from './beside-requests.js';

/** The queue of a model's builds: only processes that have the model open take from it. */
export function buildQueueName(model: string): string {
  return `generations-${createHash('sha256').update(model).digest('hex').slice(0, 16)}`;
}

interface Needed {
  readonly db: Db;
  readonly embedders: Embedders;
  readonly builds: Queue;
  readonly beside: BesideRequests;
}

/** Tenants remembered; a tenant that is forgotten is looked at once more. */
const REMEMBERED = 10_000;

/**
 * Called with a tenant that is being served: the first time in this process, it has the tenant brought over to the
 * current model where that is due. So no process has to know who all the tenants are; one that nobody asks for anything
 * stays as it is, until somebody does or an operator builds all.
 */
export function bringOver({ db, embedders, builds, beside }: Needed): (tenant: TenantId) => void {
  const seen = new Set<TenantId>();
  const look = async (tx: TenantTx) => {
    const { model } = embedders.current;
    if (await isDue(tx, model)) await builds.enqueue(tx, { tenant: tx.tenant, id: model });
  };
  return (tenant) => {
    if (seen.has(tenant)) return;
    if (!beside.start('bring over', () => asTenant(db, tenant, look))) return;
    if (seen.size >= REMEMBERED) seen.clear();
    seen.add(tenant);
  };
}

/** Whether a tenant with vectors lacks some of this model, or its switch; not where an operator is to decide. */
async function isDue(tx: TenantTx, model: string): Promise<boolean> {
  const all = await generations.list(tx);
  const target = all.find((generation) => generation.model === model);
  if (all.length === 0 || target?.held) return false;
  return target?.state !== 'active' || (await generations.missing(tx, target.generation)) > 0;
}
