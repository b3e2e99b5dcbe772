import { PackhouseError } from '@packhouse/core';
import { lockCorpus } from '../chunks/lock-corpus.js';
import type { TenantTx } from '../db/db.js';
import { generationOf } from './fingerprint.js';
import { listGenerations, type Generation } from './generation.js';
import { missingVectors } from './missing-vectors.js';

/**
 * Makes a model's generation the active one and retires the one before, which keeps its vectors. Writers of the tenant
 * wait for the transaction to end, readers do not: a search that began with the old model ends with it.
 *
 * @throws PackhouseError `not_found` for a model without a generation, `conflict` where chunks have no vector of it
 */
export async function switchGeneration(tx: TenantTx, model: string, signal?: AbortSignal): Promise<void> {
  await lockCorpus(tx, signal);
  const target = generationOf(await listGenerations(tx, signal), model);
  if (target.state === 'active') return;
  const missing = await missingVectors(tx, target.generation, signal);
  if (missing > 0) {
    throw new PackhouseError('conflict', `${missing} chunks have no vector of ${model} yet. Build it first.`);
  }
  await activate(tx, target, null, signal);
}

export interface Rollback {
  readonly from: string;
  readonly to: string;
  /** Chunks that came since and have no vector of the model gone back to: build it to have them found by meaning. */
  readonly missing: number;
}

/**
 * Goes back to the generation that was active before, with the vectors it had. The one gone back from is held: only
 * {@link beginGeneration} and {@link switchGeneration} make it active again.
 *
 * @throws PackhouseError `conflict` where there is none to go back to
 */
export async function rollbackGeneration(tx: TenantTx, signal?: AbortSignal): Promise<Rollback> {
  await lockCorpus(tx, signal);
  const generations = await listGenerations(tx, signal);
  const from = generations.find(({ state }) => state === 'active');
  const to = lastRetired(generations);
  if (!from || !to) throw new PackhouseError('conflict', 'There is no earlier generation to go back to.');
  await activate(tx, to, 'It was rolled back from.', signal);
  return { from: from.model, to: to.model, missing: await missingVectors(tx, to.generation, signal) };
}

function lastRetired(generations: readonly Generation[]): Generation | undefined {
  return generations
    .filter(({ state, held, activatedAt }) => state === 'retired' && held === null && activatedAt !== null)
    .toSorted((a, b) => Number(a.activatedAt) - Number(b.activatedAt))
    .at(-1);
}

/** Two statements: the index that allows one active generation looks at every row as it is written. */
async function activate(tx: TenantTx, { generation }: Generation, hold: string | null, signal?: AbortSignal) {
  await tx.query(RETIRE, [tx.tenant, hold], signal);
  await tx.query(ACTIVATE, [tx.tenant, generation], signal);
}

const RETIRE = `
  update packhouse.embedding_models set state = 'retired', held = $2 where tenant_id = $1 and state = 'active'`;

/** By the clock: `now()` is when the transaction began, before it waited for the lock. */
const ACTIVATE = `
  update packhouse.embedding_models set state = 'active', held = null, activated_at = clock_timestamp()
  where tenant_id = $1 and generation = $2`;
