set local role packhouse_owner;
set local lock_timeout = '5s';

-- A chunk's vectors go with it, looked up by the chunk alone: their key, which has the generation before the chunk, had each
-- look-up read all of the tenant's entries, so that a document's deletion took longer the more the tenant had.
create index chunk_vectors_chunk on packhouse.chunk_vectors (tenant_id, chunk_id);
