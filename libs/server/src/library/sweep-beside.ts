import type { TenantId } from '@packhouse/core';
import { sweepExpired } from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';

/** Takes out, beside a request of a tenant's, what of its has expired. Of tenants that ask nothing the nightly maintenance does. */
export function sweepBeside({ db, beside }: Pick<Parts, 'db' | 'beside'>, tenant: TenantId): void {
  beside.start('sweep', async () => void (await sweepExpired(db, tenant)));
}
