import { randomUUID } from 'node:crypto';
import {
  insufficientQuota,
  type Budget,
  type BudgetLimits,
  type BudgetToday,
  type PlannedCall,
  type Reservation,
  type TenantId,
} from '@packhouse/core';
import { ensureTenant } from '../catalogue/tenants.js';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { charge } from './charge.js';

/** Budgets that all processes on this database share. The day is the database's. */
export function postgresBudget(db: Db, limits: BudgetLimits): Budget {
  return {
    forTenant: (tenant) => ({
      async reserve(call, signal) {
        const id = randomUUID();
        const refused = await asTenant(db, tenant, (tx) => reserve(tx, id, call, limits), signal);
        if (refused) throw insufficientQuota(call.inputTokens + call.outputTokens, refused);
        return reservation(db, tenant, id);
      },
      today: (signal) => asTenant(db, tenant, (tx) => today(tx, limits), signal),
    }),
  };
}

/** Undefined where it was reserved; else the budget that has not so much left. */
async function reserve(
  tx: TenantTx,
  id: string,
  { model, inputTokens, outputTokens }: PlannedCall,
  limits: BudgetLimits,
): Promise<BudgetToday | undefined> {
  await ensureTenant(tx);
  await tx.query(LAPSE, [tx.tenant]);
  const params = [tx.tenant, id, model, inputTokens, outputTokens, limits.lapseSeconds, limits.tokensPerDay ?? null];
  const reserved = await tx.query(RESERVE, params);
  return reserved.length > 0 ? undefined : read(tx, limits);
}

function reservation(db: Db, tenant: TenantId, id: string): Reservation {
  return {
    async settle({ inputTokens, outputTokens, estimated }) {
      const params = [tenant, id, inputTokens, outputTokens, estimated];
      await asTenant(db, tenant, (tx) => tx.query(SETTLE, params));
    },
  };
}

async function today(tx: TenantTx, limits: BudgetLimits): Promise<BudgetToday> {
  await tx.query(LAPSE, [tx.tenant]);
  return read(tx, limits);
}

async function read(tx: TenantTx, { tokensPerDay }: BudgetLimits): Promise<BudgetToday> {
  const [row] = await tx.query<Omit<BudgetToday, 'limit'>>(TODAY, [tx.tenant]);
  return { limit: tokensPerDay ?? null, ...(row as Omit<BudgetToday, 'limit'>) };
}

const UTC_DAY = `(now() at time zone 'utc')::date`;

/** Of two who want the same tokens the second waits at the day's row, and is held against what the first left there. */
const RESERVE = `
  with granted as (
    insert into packhouse.token_days as d (tenant_id, day, reserved)
    select $1, ${UTC_DAY}, $4::bigint + $5::bigint where $7::bigint is null or $4::bigint + $5::bigint <= $7::bigint
    on conflict (tenant_id, day) do update set reserved = d.reserved + excluded.reserved
      where $7::bigint is null or d.spent + d.reserved + excluded.reserved <= $7::bigint
    returning day
  )
  insert into packhouse.token_reservations
    (tenant_id, reservation_id, day, model, input_tokens, output_tokens, lapses_at)
  select $1, $2::uuid, day, $3, $4, $5, now() + make_interval(secs => $6) from granted
  returning 1`;

const SETTLE = charge(`
  delete from packhouse.token_reservations where tenant_id = $1 and reservation_id = $2::uuid
  returning tenant_id, day, model, input_tokens + output_tokens as reserved,
    $3::bigint as input, $4::bigint as output, case when $5::boolean then $3::bigint + $4::bigint else 0 end as estimated`);

/** Their questions were asked; what was answered is not known. Whoever else is just counting them need not be waited for. */
const LAPSE = charge(`
  delete from packhouse.token_reservations r using (
    select tenant_id, reservation_id from packhouse.token_reservations
    where tenant_id = $1 and lapses_at <= now() for update skip locked
  ) lapsed
  where r.tenant_id = lapsed.tenant_id and r.reservation_id = lapsed.reservation_id
  returning r.tenant_id, r.day, r.model, r.input_tokens + r.output_tokens as reserved,
    r.input_tokens as input, 0::bigint as output, r.input_tokens as estimated`);

const TODAY = `
  select coalesce(d.spent, 0) as spent, coalesce(d.reserved, 0) as reserved,
    (t.day + 1)::timestamp at time zone 'utc' as "resetsAt"
  from (select ${UTC_DAY} as day) t
    left join packhouse.token_days d on d.tenant_id = $1 and d.day = t.day`;
