import { PackhouseError, type TenantId } from '@packhouse/core';
import { lockCorpus } from '../chunks/lock-corpus.js';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { generationOf } from './fingerprint.js';
import { listGenerations, type Generation } from './generation.js';

/** Vectors a transaction: writers of the tenant wait for no more. */
const BATCH = 5_000;

/**
 * Deletes a generation that is not active, with its vectors. Broken off, it is called again; the generation cannot be
 * rolled back to from the first batch on.
 *
 * @throws PackhouseError `not_found`, `conflict` for the active one
 */
export async function dropGeneration(db: Db, tenant: TenantId, model: string, signal?: AbortSignal): Promise<void> {
  const { generation } = await asTenant(db, tenant, (tx) => giveUp(tx, model), signal);
  while (!(await asTenant(db, tenant, (tx) => dropBatch(tx, generation), signal)));
}

async function giveUp(tx: TenantTx, model: string): Promise<Generation> {
  await lockCorpus(tx);
  const found = generationOf(await listGenerations(tx), model);
  if (found.state === 'active') {
    throw new PackhouseError('conflict', `${model} is what questions are embedded for now. Switch or roll back first.`);
  }
  await tx.query(
    `update packhouse.embedding_models set state = 'retired', held = 'It is being dropped.'
     where tenant_id = $1 and generation = $2`,
    [tx.tenant, found.generation],
  );
  return found;
}

/** True once nothing is left: under the writers' lock, so that none adds to it between the last vector and the row. */
async function dropBatch(tx: TenantTx, generation: number): Promise<boolean> {
  await lockCorpus(tx);
  const deleted = await tx.query(DELETE_VECTORS, [tx.tenant, generation]);
  if (deleted.length === BATCH) return false;
  await tx.query('delete from packhouse.embedding_models where tenant_id = $1 and generation = $2', [
    tx.tenant,
    generation,
  ]);
  return true;
}

const DELETE_VECTORS = `
  delete from packhouse.chunk_vectors
  where tenant_id = $1 and generation = $2 and chunk_id in (
    select chunk_id from packhouse.chunk_vectors where tenant_id = $1 and generation = $2 limit ${BATCH}
  )
  returning 1`;
