import type { Queryable } from '../db/db.js';

/** A partition that has changed much since it was last looked after. */
export interface UntidyLeaf {
  /** As SQL names it. */
  readonly leaf: string;
  /** True where rows are to be cleaned away too, not just counted. */
  readonly vacuum: boolean;
}

/**
 * Partitions whose dead rows or whose changes since they were last analyzed are more than a tenth: autovacuum would come
 * later, or at a busy hour. What is dead stays in the graph of an index until it is vacuumed, and is walked through.
 */
export function untidyLeaves(admin: Queryable, signal?: AbortSignal): Promise<UntidyLeaf[]> {
  return admin.query<UntidyLeaf>(UNTIDY, [], signal);
}

const UNTIDY = `
  select leaf, dead as vacuum
  from (
    select relid::regclass::text as leaf,
      n_dead_tup > 1000 + n_live_tup / 10 as dead,
      n_mod_since_analyze > 1000 + n_live_tup / 10 as changed
    from pg_stat_all_tables
    where relid in (
      select tree.relid
      from unnest(array['chunks', 'chunk_terms', 'chunk_vectors']) as parent(name),
        pg_partition_tree(('packhouse.' || parent.name)::regclass) tree
      where tree.isleaf
    )
  ) leaves
  where dead or changed
  order by leaf`;
