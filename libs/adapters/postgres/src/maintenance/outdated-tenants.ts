import type { TenantId } from '@packhouse/core';
import { analyses } from '../chunks/analyses.js';
import { loadAnalyzers } from '../chunks/analysis/load-analyzers.js';
import type { Db } from '../db/db.js';
import { forEachTenant } from '../db/for-each-tenant.js';

/** A tenant with chunks that were analysed by rules that are no more, and so are not found by words. */
export interface OutdatedTenant {
  readonly tenant: TenantId;
  readonly chunks: number;
}

export async function outdatedTenants(admin: Db, signal?: AbortSignal): Promise<OutdatedTenant[]> {
  const { analyzerNamed } = await loadAnalyzers();
  const found = await forEachTenant(admin, (tx) => analyses(tx, signal), signal);
  return Array.from(found, ([tenant, byName]) => {
    const outdated = [...byName].filter(([name]) => !analyzerNamed(name));
    return { tenant, chunks: outdated.reduce((sum, [, { chunks }]) => sum + chunks, 0) };
  }).filter(({ chunks }) => chunks > 0);
}
