import type { JobHandler, TenantId } from '@packhouse/core';
import {
  asTenant,
  buildGeneration,
  compareGenerations,
  generations,
  isWorse,
  type Db,
  type GenerationComparison,
} from '@packhouse/postgres';
import type { Embedders } from '../parts/embedder.js';

interface Needed {
  readonly db: Db;
  readonly embedders: Embedders;
}

/**
 * Brings one tenant to the current model: embeds what has no vector of it, measures it against the active one, switches.
 * What is found worse is held for an operator to decide.
 */
export function buildAndSwitch({ db, embedders }: Needed): JobHandler {
  return async ({ tenant, signal }) => {
    const { current } = embedders;
    const list = () => asTenant(db, tenant, (tx) => generations.list(tx), signal);
    const isHeld = (await list()).some(({ model, held }) => model === current.model && held !== null);
    if (isHeld) return;
    await buildGeneration(db, tenant, current, signal);
    const active = (await list()).find(({ state }) => state === 'active');
    if (!active || active.model === current.model) return;
    const why = await whyNot({ db, embedders }, tenant, active.model, signal);
    await asTenant(
      db,
      tenant,
      (tx) => (why ? generations.hold(tx, current.model, why) : generations.switch(tx, current.model)),
      signal,
    );
  };
}

/** Hashed vectors find the very sentence and nothing else, so they are no yardstick; nor is a model that is not here. */
async function whyNot(
  { db, embedders }: Needed,
  tenant: TenantId,
  active: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const from = embedders.named(active);
  if (!from?.learned) return undefined;
  const comparison = await compareGenerations(db, tenant, { from, to: embedders.current }, signal);
  return isWorse(comparison) ? `It finds fewer known items: ${hitRates(comparison)}.` : undefined;
}

function hitRates({ items, hitRate: { from, to } }: GenerationComparison): string {
  return `${to?.toFixed(2)} of ${items} among the first ten, ${from?.toFixed(2)} before`;
}
