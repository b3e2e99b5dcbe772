/**
 * The SQL of the CTE `dense`: the `$3` chunks of tenant `$1`, in collections `$2` (null for all), nearest to a vector
 * among those of its model. An exact scan. A vector of length zero has no direction (its distance is NaN, which sorts
 * last) and is no hit.
 *
 * @param model,vector the parameters that hold the question, as `$4`
 * @param restrictions further conditions on the row `searched`, each begun with `and`
 */
export const denseLeg = (model: string, vector: string, restrictions: string) => `
  dense as materialized (
    select chunk_id, 1 - distance as score, row_number() over (order by distance, chunk_id) as rank
    from (
      select chunk_id, embedding <=> ${vector}::vector::halfvec as distance
      from packhouse.chunk_vectors searched
      where tenant_id = $1
        and generation = (select generation from packhouse.embedding_models where tenant_id = $1 and model = ${model})
        and ($2::text[] is null or collection = any($2)) ${restrictions}
      order by distance, chunk_id
      limit $3
    ) nearest
    where distance <> 'NaN'
  )`;
