import type { SingleReads, TenantTx } from '../db/db.js';

export type GenerationState = 'active' | 'building' | 'retired';

/** What makes two embedders' vectors comparable; every `Embedder` is one. */
export interface Fingerprint {
  readonly model: string;
  readonly dimensions: number;
}

/** One model's vectors of a tenant's chunks. */
export interface Generation extends Fingerprint {
  /** Never given twice. */
  readonly generation: number;
  /** Questions are embedded for the active one; at most one is. */
  readonly state: GenerationState;
  /** Why it is not switched to without an operator's word; null where it may be. */
  readonly held: string | null;
  /** When it last became active. */
  readonly activatedAt: Date | null;
}

export const GENERATION_COLUMNS = `generation, model, dimensions, state, held, activated_at as "activatedAt"`;

/** All of a tenant's, the oldest first. */
export function listGenerations(tx: TenantTx, signal?: AbortSignal): Promise<Generation[]> {
  return tx.query<Generation>(
    `select ${GENERATION_COLUMNS} from packhouse.embedding_models where tenant_id = $1 order by generation`,
    [tx.tenant],
    signal,
  );
}

/** At most one row. */
export const ACTIVE_MODEL = `select model from packhouse.embedding_models where tenant_id = $1 and state = 'active'`;

/** The model that a tenant's questions are embedded with; undefined where it has no vectors. */
export async function activeModel(
  { tenant, query, prepared = query }: SingleReads,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const [active] = await prepared<{ model: string }>(ACTIVE_MODEL, [tenant], signal);
  return active?.model;
}
