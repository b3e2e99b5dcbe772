/** Longest that a request may ask to be kept waiting, in seconds. */
const MOST = 120;

/** How long the caller asks to wait for the work to end, in milliseconds: `Prefer: wait=30` (RFC 7240, section 4.3). */
export function preferredWait(header: string | undefined): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(header ?? '')?.[1];
  return Math.min(Number(seconds ?? 0), MOST) * 1000;
}
