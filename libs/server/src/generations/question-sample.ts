import type { TenantId } from '@packhouse/core';
import { asTenant, questions, type Db } from '@packhouse/postgres';
import type { BesideRequests } from './beside-requests.js';

/** A sample needs no more, and a busy server then writes no more than a quiet one. */
const BETWEEN_MS = 250;

/** Keeps a sample of the questions that tenants ask: at most one at a time, and then none for a while. */
export function questionSample(db: Db, beside: BesideRequests): (tenant: TenantId, text: string) => void {
  let next = 0;
  return (tenant, text) => {
    if (performance.now() < next) return;
    const record = () => asTenant(db, tenant, (tx) => questions.record(tx, text));
    if (beside.start('question', record)) next = performance.now() + BETWEEN_MS;
  };
}
