import type { TenantId } from '../tenant.js';

/** Bytes of files, by tenant and id. */
export interface BlobStore {
  forTenant(tenant: TenantId): TenantBlobs;
}

export interface TenantBlobs {
  /** Stores the whole or nothing and returns how many bytes. Replaces what was there. */
  put(id: string, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<number>;
  /** In order, in pieces of at most 1 MiB. @throws PackhouseError `not_found` */
  get(id: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** True where there was something to delete. */
  delete(id: string, signal?: AbortSignal): Promise<boolean>;
}
