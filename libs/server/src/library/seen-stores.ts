import type { TenantId } from '@packhouse/core';
import { eachAsTenant, vectorStores, type Db } from '@packhouse/postgres';

/** What was seen of stores, and what the tenant's questions are embedded with. */
export type Seen = Awaited<ReturnType<typeof vectorStores.look>>;

/** Looks at stores before they are searched, once for many searches that come close together. */
export interface SeenStores {
  /** Not older than five seconds. */
  look(tenant: TenantId, vectorStoreIds: readonly string[], signal?: AbortSignal): Promise<Seen>;
  /** Has a tenant's stores looked at anew. */
  forget(tenant: TenantId): void;
}

const KEPT_MS = 5_000;

/** More tenants than this are not searched in that time. */
const MOST_TENANTS = 5_000;
const MOST_PLACES = 100;

type Places = Map<string, { readonly seen: Seen; readonly until: number }>;

/**
 * Only what may be searched is remembered: every store there, with its use noted, and nothing expired. What another process
 * does to a store therefore shows in this one's searches within that time: of a deleted store's chunks, which go with it,
 * there is nothing to be found meanwhile, and a model that was left is one whose vectors are still there.
 */
export function seenStores(db: Db): SeenStores {
  const tenants = new Map<TenantId, Places>();
  const keep = (tenant: TenantId, place: string, seen: Seen) => {
    if (tenants.size >= MOST_TENANTS && !tenants.has(tenant)) tenants.clear();
    const places = tenants.get(tenant) ?? new Map();
    if (places.size >= MOST_PLACES) places.clear();
    tenants.set(tenant, places.set(place, { seen, until: performance.now() + KEPT_MS }));
  };
  return {
    async look(tenant, vectorStoreIds, signal) {
      const place = JSON.stringify(vectorStoreIds);
      const kept = tenants.get(tenant)?.get(place);
      if (kept && performance.now() < kept.until) return kept.seen;
      const seen = await vectorStores.look(eachAsTenant(db, tenant), vectorStoreIds, signal);
      if (searchable(seen, vectorStoreIds)) keep(tenant, place, seen);
      return seen;
    },
    forget: (tenant) => void tenants.delete(tenant),
  };
}

function searchable({ stores, filesDue }: Seen, vectorStoreIds: readonly string[]): boolean {
  return (
    !filesDue &&
    stores.length === new Set(vectorStoreIds).size &&
    stores.every(({ expired, noted }) => noted && !expired)
  );
}
