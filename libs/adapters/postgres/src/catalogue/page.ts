import type { TenantTx } from '../db/db.js';

/** Which part of a list, in the order of ids and so of creation. */
export interface PageRequest {
  /** At most so many; from 1. */
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Those that follow this id in the order asked for. It need not exist any more. */
  readonly after?: string | undefined;
  /** Those that precede this id; the ones next to it, where there are more than the limit. */
  readonly before?: string | undefined;
}

export interface Page<Row> {
  readonly data: Row[];
  /** Whether more lie in the direction of paging. */
  readonly hasMore: boolean;
}

/** A list to page through. All of it is SQL of ours; what callers send goes into `params`. */
export interface PagedQuery {
  readonly columns: string;
  readonly table: string;
  /** The column of the ids. */
  readonly id: string;
  /** Says which rows, with `params` as $1, $2, ... */
  readonly where: string;
  readonly params: readonly unknown[];
}

/** Reads one page by keyset: rows that come or go meanwhile neither repeat nor hide others. */
export async function readPage<Row extends object>(
  tx: TenantTx,
  { columns, table, id, where, params }: PagedQuery,
  { limit, order, after, before }: PageRequest,
  signal?: AbortSignal,
): Promise<Page<Row>> {
  const backwards = before !== undefined && after === undefined;
  const ascending = (order === 'asc') !== backwards;
  const [follows, precedes] = order === 'asc' ? ['>', '<'] : ['<', '>'];
  const next = params.length;
  const rows = await tx.query<Row>(
    `select ${columns} from ${table} where ${where}
       and ($${next + 1}::text is null or ${id} ${follows} $${next + 1})
       and ($${next + 2}::text is null or ${id} ${precedes} $${next + 2})
     order by ${id} ${ascending ? 'asc' : 'desc'} limit $${next + 3}`,
    [...params, after ?? null, before ?? null, limit + 1],
    signal,
  );
  const data = rows.slice(0, limit);
  return { data: backwards ? data.reverse() : data, hasMore: rows.length > limit };
}
