import { createHash } from 'node:crypto';

/** The UUID a peer knows a chunk by: always the same for the same tenant and chunk. */
export function peerId(tenant: string, chunk: string): string {
  const hex = createHash('md5').update(`${tenant}/${chunk}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
