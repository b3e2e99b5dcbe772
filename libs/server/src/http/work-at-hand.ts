import type { ServerResponse } from 'node:http';

/** Counts the requests that are being answered; false, and nothing is counted, where there are as many as may be. */
export type WorkAtHand = (response: ServerResponse) => boolean;

export function workAtHand(most: number): WorkAtHand {
  let atWork = 0;
  return (response) => {
    if (atWork >= most) return false;
    atWork += 1;
    // Comes in any case: after the last byte, or as the caller goes away.
    response.once('close', () => (atWork -= 1));
    return true;
  };
}
