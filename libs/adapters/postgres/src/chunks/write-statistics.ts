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
  const changes = [...byTerm].sort(([a], [b]) => a - b);
  const more = changes.filter(([, change]) => change > 0);
  const fewer = changes.filter(([, change]) => change < 0);
  if (more.length > 0) await tx.query(ADD, [tx.tenant, ...columns(more)], signal);
  if (fewer.length > 0) await tx.query(TAKE, [tx.tenant, ...columns(fewer)], signal);
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
