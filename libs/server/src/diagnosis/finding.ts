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

/** A password in a URL, which an error may quote. */
const PASSWORD = /(\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** Why something does not work, as its error says. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(PASSWORD, '$1***@');
}
