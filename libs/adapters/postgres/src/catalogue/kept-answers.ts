import type { TenantTx } from '../db/db.js';
import { ensureTenant } from './tenants.js';

/** A request as its caller names it, however often it is sent. */
export interface RequestName {
  readonly operation: string;
  readonly key: string;
}

export interface KeptAnswer {
  /** SHA-256 of what was sent, in hex. */
  readonly fingerprint: string;
  /** As JSON. */
  readonly answer: unknown;
}

/** So many of a tenant's are kept; the oldest go first. */
export const MOST_KEPT_ANSWERS = 10_000;

/** What requests were answered with, for 24 hours. */
export const keptAnswers = {
  /**
   * Claims a request until the transaction ends, and returns what it was answered with, null where it has not been. Does
   * not wait: undefined where another transaction has claimed it.
   */
  async claim(
    tx: TenantTx,
    { operation, key }: RequestName,
    signal?: AbortSignal,
  ): Promise<KeptAnswer | null | undefined> {
    const [claim] = await tx.query<{ claimed: boolean }>(CLAIM, [JSON.stringify([tx.tenant, operation, key])], signal);
    if (!claim?.claimed) return undefined;
    // Another statement, so that it sees what was committed before the claim was had.
    const [kept] = await tx.query<KeptAnswer>(FIND, [tx.tenant, operation, key], signal);
    return kept ?? null;
  },

  /** Keeps the answer to a request that this transaction has claimed. */
  async keep(tx: TenantTx, request: RequestName & KeptAnswer, signal?: AbortSignal): Promise<void> {
    const { operation, key, fingerprint, answer } = request;
    await ensureTenant(tx, signal);
    await tx.query(KEEP, [tx.tenant, operation, key, fingerprint, JSON.stringify(answer)], signal);
    await tx.query(FORGET, [tx.tenant, MOST_KEPT_ANSWERS - 1], signal);
  },
};

const CLAIM = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as claimed';

const FIND = `
  select fingerprint, answer from packhouse.kept_answers
  where tenant_id = $1 and operation = $2 and key = $3 and created_at > now() - interval '24 hours'`;

const KEEP = `
  insert into packhouse.kept_answers (tenant_id, operation, key, fingerprint, answer)
  values ($1, $2, $3, $4, $5::jsonb)
  on conflict (tenant_id, operation, key)
    do update set fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = now()`;

/** Whoever else is just forgetting the same need not be waited for. */
const FORGET = `
  delete from packhouse.kept_answers where ctid = any (array(
    select ctid from packhouse.kept_answers
    where tenant_id = $1 and created_at < greatest(now() - interval '24 hours', (
      select created_at from packhouse.kept_answers where tenant_id = $1 order by created_at desc offset $2 limit 1
    ))
    limit 1000 for update skip locked))`;
