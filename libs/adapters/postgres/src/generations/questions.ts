import { cleanText } from '../chunks/clean-text.js';
import type { TenantTx } from '../db/db.js';

/** As many slots as the table allows. */
const SLOTS = 200;
const MAX_LENGTH = 2_000;

/** A sample of what a tenant asks: the newer a question, the likelier it is still there. */
export const questions = {
  /** Puts a question in the place of any other. Nothing happens for a tenant who has nothing stored. */
  async record(tx: TenantTx, question: string, signal?: AbortSignal): Promise<void> {
    const text = cleanText(question.trim().slice(0, MAX_LENGTH));
    if (text) await tx.query(RECORD, [tx.tenant, Math.floor(Math.random() * SLOTS), text], signal);
  },

  async list(tx: TenantTx, signal?: AbortSignal): Promise<string[]> {
    const rows = await tx.query<{ question: string }>(
      'select question from packhouse.asked_questions where tenant_id = $1 order by slot',
      [tx.tenant],
      signal,
    );
    return rows.map(({ question }) => question);
  },
};

const RECORD = `
  insert into packhouse.asked_questions (tenant_id, slot, question)
  select tenant_id, $2, $3 from packhouse.tenants where tenant_id = $1
  on conflict (tenant_id, slot) do update set question = excluded.question`;
