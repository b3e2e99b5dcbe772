import { beginGeneration } from './begin-generation.js';
import { activeModel, listGenerations } from './generation.js';
import { holdGeneration } from './hold-generation.js';
import { missingVectors } from './missing-vectors.js';
import { putEmbeddings } from './put-embeddings.js';
import { rollbackGeneration, switchGeneration } from './switch-generation.js';

/** A tenant's embedding generations, within the caller's transaction but for what only reads. */
export const generations = {
  list: listGenerations,
  activeModel,
  begin: beginGeneration,
  put: putEmbeddings,
  missing: missingVectors,
  hold: holdGeneration,
  switch: switchGeneration,
  rollback: rollbackGeneration,
};
