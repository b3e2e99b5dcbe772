import { PackhouseError } from './errors.js';

declare const brand: unique symbol;

/** A tenant's name that has been checked; get one from {@link tenantId}. */
export type TenantId = string & { readonly [brand]: 'TenantId' };

const TENANT = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/**
 * Checks a tenant's name: 1 to 63 characters, letters, digits, `_`, `.` and `-`, the first a letter or digit.
 *
 * @throws PackhouseError `invalid_tenant`
 */
export function tenantId(value: unknown): TenantId {
  if (typeof value === 'string' && TENANT.test(value)) return value as TenantId;
  throw new PackhouseError(
    'invalid_tenant',
    `A tenant is named by 1 to 63 of A-Z a-z 0-9 _ . - and begins with a letter or digit.`,
  );
}
