import type { Embedding } from '@packhouse/core';
import type { SearchParams } from './search-params.js';
import { spaceSql, type IndexedSpace } from './vector-space.js';
import { vectorBinary } from './vectors-binary.js';

/** What a search by vector asks. */
export interface DenseQuestion {
  readonly embedding: Embedding;
  /** Further conditions on the row `searched`, each begun with `and`. */
  readonly restrictions: string;
}

/** The SQL of a search by vector. */
export interface DenseLeg {
  /**
   * The CTEs that end in `dense` (`chunk_id`, `distance`): the `depth` chunks of tenant `$1` in the collections searched
   * that are nearest to the vector among those of its model. A vector of length zero has no direction (its distance is NaN,
   * which sorts last) and is no hit.
   */
  readonly ctes: string;
  /** The condition under which `dense` is to be read at all. */
  readonly applies: string;
}

/** How one of the two searches is written. */
export type DenseLegWriter = (question: DenseQuestion, params: SearchParams) => DenseLeg;

/** Reads all vectors of the model. Does not apply where these are searched by their index. */
export const exactLeg: DenseLegWriter = ({ embedding, restrictions }, { bind, depth, isSearched }) => ({
  ctes: `
    ${spaceSql(bind(embedding.model))},
    ${denseSql(
      exactSql(
        searchedSql('(select generation from space)', isSearched, restrictions),
        bind(vectorBinary(embedding.vector)),
        depth,
      ),
    )}`,
  applies: 'not coalesce((select indexed from space), false)',
});

/**
 * Asks the index for three times as many, which it gives in about their order, and sorts them. Where a restriction leaves
 * it too few before it gives up, the exact search is made after all.
 *
 * The generation stands there as a number, for the planner to see that the index holds what is asked for.
 */
export const indexedLeg =
  ({ generation, dimensions }: IndexedSpace): DenseLegWriter =>
  ({ embedding, restrictions }, { bind, depth, isSearched }) => {
    const searched = searchedSql(String(generation), isSearched, restrictions);
    const vector = bind(vectorBinary(embedding.vector));
    const distance = `embedding::halfvec(${dimensions}) <=> ${vector}::vector::halfvec(${dimensions})`;
    return {
      ctes: `
        approximate as materialized (
          select chunk_id, ${distance} as distance
          from ${searched} and dimensions = ${dimensions}
          order by ${distance}
          limit ${3 * depth}
        ),
        ${denseSql(`
          (select * from approximate where (select count(*) from approximate) >= ${depth} order by distance, chunk_id limit ${depth})
          union all
          select * from (${exactSql(searched, vector, depth)}) exact
          where (select count(*) from approximate) < ${depth}`)}`,
      applies: 'true',
    };
  };

const denseSql = (nearest: string) => `
  dense as (
    select chunk_id, distance from (${nearest}) nearest where distance <> 'NaN'
  )`;

/**
 * With the zero added, no index has this order to offer. The vector is made a halfvec in a select of its own: a plan for
 * any vector would do it anew with each row.
 */
const exactSql = (searched: string, vector: string, depth: number) => `
  select chunk_id, (embedding <=> (select ${vector}::vector::halfvec)) + 0 as distance
  from ${searched}
  order by distance, chunk_id
  limit ${depth}`;

const searchedSql = (generation: string, isSearched: string, restrictions: string) => `
  packhouse.chunk_vectors searched
  where tenant_id = $1 and generation = ${generation} and ${isSearched} ${restrictions}`;
