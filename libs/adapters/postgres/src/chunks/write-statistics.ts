import type { TenantTx } from '../db/db.js';
import type { Corpus } from './corpus.js';
import type { TermChanges } from './term-changes.js';

/** Writes the tenant's counts. The caller holds the corpus' lock, so that nobody else's come between. */
export async function writeStatistics(
  tx: TenantTx,
  corpus: Corpus,
  { byTerm }: TermChanges,
  signal?: AbortSignal,
): Promise<void> {
  await tx.query(
    `update packhouse.corpus set chunks = $2, terms = $3, weighted_length = $4 where tenant_id = $1`,
    [tx.tenant, corpus.chunks, corpus.terms, corpus.weightedLength],
    signal,
  );
  const changes = [...byTerm].sort(([a], [b]) => a - b);
  const more = changes.filter(([, change]) => change > 0);
  const fewer = changes.filter(([, change]) => change < 0);
  if (more.length > 0) await tx.query(ADD, [tx.tenant, ...columns(more)], signal);
  if (fewer.length > 0) await tx.query(TAKE, [tx.tenant, ...columns(fewer)], signal);
}

const ADD = `
  insert into packhouse.term_frequencies as f (tenant_id, term, chunks)
  select $1, term, change from unnest($2::int[], $3::int[]) as changed(term, change)
  on conflict (tenant_id, term) do update set chunks = f.chunks + excluded.chunks`;

/** A term that no chunk has is no row: the table's size follows the tenant's vocabulary down again. */
const TAKE = `
  with changed as (select * from unnest($2::int[], $3::int[]) as changed(term, change)),
  gone as (
    delete from packhouse.term_frequencies f using changed
    where f.tenant_id = $1 and f.term = changed.term and f.chunks + change = 0
  )
  update packhouse.term_frequencies f set chunks = f.chunks + change from changed
  where f.tenant_id = $1 and f.term = changed.term and f.chunks + change > 0`;

function columns(changes: readonly [number, number][]): [terms: number[], counts: number[]] {
  return [changes.map(([term]) => term), changes.map(([, change]) => change)];
}
