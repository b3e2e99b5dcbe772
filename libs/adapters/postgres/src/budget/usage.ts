import { readPage, type Page, type PageRequest } from '../catalogue/page.js';
import type { TenantTx } from '../db/db.js';

/** What a tenant's calls of models came to on one day of UTC. */
export interface UsageDay {
  /** `2026-11-26` */
  readonly day: string;
  /** By name. */
  readonly models: readonly ModelUsage[];
}

export interface ModelUsage {
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of these, what no provider counted. */
  readonly estimatedTokens: number;
}

/** What was settled of a tenant's budget, by day and model. */
export const usage = {
  list(tx: TenantTx, page: PageRequest, signal?: AbortSignal): Promise<Page<UsageDay>> {
    return readPage(tx, { ...LIST, params: [tx.tenant] }, page, signal);
  },
};

const LIST = {
  columns: 'day, models',
  table: `(
    select to_char(day, 'YYYY-MM-DD') collate "C" as day, json_agg(json_build_object(
      'model', model, 'calls', calls, 'inputTokens', input_tokens, 'outputTokens', output_tokens,
      'estimatedTokens', estimated_tokens) order by model) as models
    from packhouse.token_usage where tenant_id = $1 group by day) days`,
  id: 'day',
  where: 'true',
};
