/**
 * Names the tenant of a request that the app's own guards let through: a tenant's name, or undefined where it has none.
 * Asked as `@Tenant()` is, which is after every guard.
 */
// Any: what its guards put on a request is the app's to type.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type TenantOf = (request: any) => string | undefined | Promise<string | undefined>;

export const TENANT_OF = Symbol('packhouse.tenant-of');
