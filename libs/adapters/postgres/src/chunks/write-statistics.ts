import type { TenantTx } from '../db/db.js';
import type { Analysis } from './analyses.js';

export interface Statistics {
  /** How many chunks more or fewer the tenant has. */
  readonly chunks: number;
  /** What the write changed, as it is now. */
  readonly analyses: ReadonlyMap<string, Analysis>;
  /** How many chunks more or fewer have each term. */
  readonly byTerm: ReadonlyMap<number, number>;
}

/** Writes the tenant's counts. The caller holds the corpus' lock, so that nobody else's come between. */
export async function writeStatistics(
  tx: TenantTx,
  { chunks, analyses, byTerm }: Statistics,
  signal?: AbortSignal,
): Promise<void> {
  const entries = [...analyses];
  const counts = [
    entries.map(([analyzer]) => analyzer),
    entries.map(([, analysis]) => analysis.chunks),
    entries.map(([, analysis]) => analysis.terms),
    entries.map(([, analysis]) => analysis.weightedLength),
  ];
  if (entries.length > 0) await tx.query(COUNT, [tx.tenant, chunks, ...counts], signal);
  const changes = [...byTerm].filter(([, change]) => change !== 0).sort(([a], [b]) => a - b);
  const columns = [changes.map(([term]) => term), changes.map(([, change]) => change)];
  if (changes.length > 0) await tx.query(COUNT_TERMS, [tx.tenant, ...columns], signal);
}

/** An analyzer that no chunk is analysed by is no row: questions are not analysed by it either. */
const COUNT = `
  with counted as (
    select * from unnest($3::text[], $4::int[], $5::bigint[], $6::float8[])
      as counted(analyzer, chunks, terms, weighted_length)
  ),
  total as (update packhouse.corpus set chunks = chunks + $2 where tenant_id = $1),
  gone as (
    delete from packhouse.analyses a using counted
    where a.tenant_id = $1 and a.analyzer = counted.analyzer and counted.chunks = 0
  )
  insert into packhouse.analyses (tenant_id, analyzer, chunks, terms, weighted_length)
  select $1, * from counted where chunks > 0
  on conflict (tenant_id, analyzer) do update
    set chunks = excluded.chunks, terms = excluded.terms, weighted_length = excluded.weighted_length`;

/**
 * A term that no chunk has is no row: the table's size follows the tenant's vocabulary down again. MERGE takes six tenths of
 * the time of ON CONFLICT, which readies itself for another writer with each row; here the lock keeps others out.
 */
const COUNT_TERMS = `
  merge into packhouse.term_frequencies f
  using unnest($2::int[], $3::int[]) as changed(term, change) on f.tenant_id = $1 and f.term = changed.term
  when matched and f.chunks + change = 0 then delete
  when matched then update set chunks = f.chunks + change
  when not matched then insert (tenant_id, term, chunks) values ($1, term, change)`;
