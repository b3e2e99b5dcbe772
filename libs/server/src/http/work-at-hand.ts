import type { ServerResponse } from 'node:http';

/** Counts the requests of a caller that are being answered; false, and nothing is counted, where there are as many as may be. */
export type WorkAtHand = (response: ServerResponse, caller?: string) => boolean;

/** @param most of each caller */
export function workAtHand(most: number): WorkAtHand {
  const atWork = new Map<string, number>();
  const add = (caller: string, change: 1 | -1) => {
    const count = (atWork.get(caller) ?? 0) + change;
    if (count > 0) atWork.set(caller, count);
    else atWork.delete(caller);
  };
  return (response, caller = 'everybody') => {
    if ((atWork.get(caller) ?? 0) >= most) return false;
    // It may have gone while it was found out who it is.
    if (response.closed) return true;
    add(caller, 1);
    // Comes in any case: after the last byte, or as the caller goes away.
    response.once('close', () => add(caller, -1));
    return true;
  };
}
