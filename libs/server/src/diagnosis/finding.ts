/** One thing that was looked at. */
export interface Finding {
  readonly area: 'settings' | 'server' | 'database' | 'models' | 'disk';
  /** A warning keeps nothing from working. */
  readonly state: 'ok' | 'warning' | 'fault';
  /** What there is, for people; never a secret. */
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** Why something does not work, as its error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
