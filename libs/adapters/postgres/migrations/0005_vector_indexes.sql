set local role packhouse_owner;

-- What the index on one tenant's vectors of one generation is called: whoever searches looks for it by this name, whoever
-- maintains makes it under this name. A digest, because names of tenants are longer than names of indexes may be.
create function packhouse.vector_index(tenant text, generation int, dimensions int) returns text
  language sql immutable parallel safe as $$
    select format('hnsw_%s_%s_%s', left(encode(sha256(convert_to(tenant, 'UTF8')), 'hex'), 32), generation, dimensions)
  $$;
revoke all on function packhouse.vector_index from public;
grant execute on function packhouse.vector_index to packhouse_app;
