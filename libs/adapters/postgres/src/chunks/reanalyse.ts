import type { TenantId } from '@packhouse/core';
import { asTenant, type Db, type TenantTx } from '../db/db.js';
import { analyses } from './analyses.js';
import { loadAnalyzers } from './analysis/load-analyzers.js';
import { countTerms } from './analysis/count-terms.js';
import { deleteOtherTerms } from './delete-chunks.js';
import { lockExisting } from './lock-corpus.js';
import { storeTerms } from './store-terms.js';

interface Row {
  id: string;
  collection: string;
  text: string;
}

/** Chunks a transaction, so that the tenant's writers do not wait for long. */
const BATCH = 500;

/**
 * Analyses anew what an earlier version's rules analysed: until then it is not found by words. Each batch is a transaction
 * of its own, so it may be stopped and begun again at any time. Returns how many chunks it analysed.
 */
export async function reanalyse(db: Db, tenant: TenantId, signal?: AbortSignal): Promise<number> {
  const { analyzerNamed } = await loadAnalyzers();
  const found = await asTenant(db, tenant, (tx) => analyses(tx), signal);
  const outdated = [...found.keys()].filter((name) => !analyzerNamed(name));
  let total = 0;
  for (const name of outdated) {
    for (let count = BATCH; count === BATCH; total += count) {
      count = await asTenant(db, tenant, (tx) => reanalyseBatch(tx, name), signal);
    }
  }
  return total;
}

async function reanalyseBatch(tx: TenantTx, outdated: string): Promise<number> {
  await lockExisting(tx);
  const rows = await tx.query<Row>(OUTDATED, [tx.tenant, outdated]);
  const { analyzerFor, languageOf } = await loadAnalyzers();
  const analyzer = analyzerFor(languageOf(outdated));
  const ids = rows.map(({ id }) => id);
  const gone = await deleteOtherTerms(tx, ids, analyzer.name);
  const analysed = rows.map((row) => ({ ...row, terms: countTerms(analyzer, row.text) }));
  await storeTerms(tx, analysed, [...gone.values()]);
  return rows.length;
}

const OUTDATED = `
  select t.chunk_id as id, t.collection, c.body as text
  from packhouse.chunk_terms t join packhouse.chunks c on c.tenant_id = $1 and c.chunk_id = t.chunk_id
  where t.tenant_id = $1 and t.analyzer = $2
  order by t.chunk_id
  limit ${BATCH}`;
