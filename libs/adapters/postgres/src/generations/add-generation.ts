import type { TenantTx } from '../db/db.js';
import { checkStorable } from './fingerprint.js';
import { GENERATION_COLUMNS, type Fingerprint, type Generation } from './generation.js';

/**
 * Adds a generation: the active one where the tenant has none, else one to be built. The caller holds the corpus' lock
 * and knows that the model is new.
 *
 * @throws PackhouseError `dimension_mismatch` before anything is written
 */
export async function addGeneration(tx: TenantTx, fingerprint: Fingerprint, signal?: AbortSignal): Promise<Generation> {
  checkStorable(fingerprint);
  const { model, dimensions } = fingerprint;
  const [added] = await tx.query<Generation>(ADD, [tx.tenant, model, dimensions], signal);
  return added as Generation;
}

const ADD = `
  with numbered as (
    update packhouse.corpus set last_generation = last_generation + 1 where tenant_id = $1
    returning tenant_id, last_generation
  ),
  current as (select from packhouse.embedding_models where tenant_id = $1 and state = 'active')
  insert into packhouse.embedding_models (tenant_id, generation, model, dimensions, state, activated_at)
  select tenant_id, last_generation, $2, $3,
    case when exists (select from current) then 'building' else 'active' end,
    case when exists (select from current) then null else now() end
  from numbered
  returning ${GENERATION_COLUMNS}`;
