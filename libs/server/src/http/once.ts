import { createHash } from 'node:crypto';
import { PackhouseError, type TenantId } from '@packhouse/core';
import { asTenant, keptAnswers, within, type TenantTx } from '@packhouse/postgres';
import type { Parts } from '../parts/parts.js';
import type { Attempt } from './attempt.js';

export interface Once<Answer extends object> {
  readonly tenant: TenantId;
  /** None where the caller does not say that the request may be one of several attempts. */
  readonly attempt: Attempt | undefined;
  /** What makes two requests the same, as JSON: the body, or what is known of it. */
  readonly sent: unknown;
  /** Has the effect, by the parts that it is given, and makes the answer. */
  readonly work: (parts: Parts) => Promise<Answer>;
  readonly signal: AbortSignal;
}

/**
 * Answers a request that has an effect. One with an `Idempotency-Key` has it in a single transaction with its answer: a
 * process that dies leaves both or neither, and whoever sends the request again gets the first answer, for 24 hours. A
 * request that failed had no effect and is done anew.
 *
 * @throws PackhouseError `conflict`, to be sent again, while another attempt is at work; `key_reused` for a key that was
 *   used for another request
 */
export async function once<Answer extends object>(
  parts: Parts,
  { tenant, attempt, sent, work, signal }: Once<Answer>,
): Promise<Answer> {
  if (!attempt) return work(parts);
  const fingerprint = createHash('sha256').update(JSON.stringify(sent)).digest('hex');
  const effect = async (tx: TenantTx) => {
    const kept = await keptAnswers.claim(tx, attempt);
    if (kept === undefined) throw inFlight();
    if (kept) {
      if (kept.fingerprint !== fingerprint) throw anotherRequest();
      attempt.onReplay();
      return kept.answer as Answer;
    }
    const answer = await work({ ...parts, db: within(tx) });
    await keptAnswers.keep(tx, { ...attempt, fingerprint, answer });
    return answer;
  };
  return asTenant(parts.db, tenant, effect, signal);
}

const inFlight = () =>
  new PackhouseError('conflict', 'An earlier attempt at this request is still at work.', { retryable: true });

const anotherRequest = () =>
  new PackhouseError('key_reused', 'This Idempotency-Key was used for a request that said something else.', {
    param: 'Idempotency-Key',
  });
