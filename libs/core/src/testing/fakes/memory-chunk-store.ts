import { throwIfAborted } from '../../abort.js';
import { PackhouseError } from '../../errors.js';
import { passes } from '../../filter.js';
import type { Chunk, DocumentRef, Hit } from '../../passage.js';
import type { ChunkStore, NewChunk, SearchOptions, TenantStore } from '../../ports/chunk-store.js';
import type { Embedding } from '../../ports/embedder.js';
import type { TenantId } from '../../tenant.js';
import { demandsOf, phraseFinder } from '../../text/demands.js';
import { words } from '../../text/words.js';
import { bm25 } from './bm25.js';

/** The k of reciprocal rank fusion. */
const K = 60;

interface Row {
  readonly chunk: Chunk;
  /** By model. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/** A chunk store in memory, with every optional search: for tests and examples, not for more than a few documents. */
export function memoryChunkStore(): ChunkStore {
  const tenants = new Map<TenantId, TenantStore>();
  return {
    name: 'memory',
    forTenant(tenant) {
      const store = tenants.get(tenant) ?? memoryTenantStore(tenant);
      tenants.set(tenant, store);
      return store;
    },
  };
}

function memoryTenantStore(tenant: TenantId): TenantStore {
  const rows = new Map<string, Row>();

  const within = ({ collections, filter }: SearchOptions) =>
    [...rows.values()].filter(
      ({ chunk }) => (collections?.includes(chunk.collection) ?? true) && (!filter || passes(chunk.attributes, filter)),
    );

  function allNearest({ model, vector }: Embedding, options: SearchOptions): Hit[] {
    return within(options)
      .flatMap(({ chunk, vectors }) => {
        const stored = vectors.get(model);
        return stored ? [{ chunk, score: cosine(sameLength(stored, vector, model), vector) }] : [];
      })
      .sort(byScore);
  }

  function allMatching(text: string, options: SearchOptions): Hit[] {
    const found = within(options);
    const scores = bm25(
      text,
      found.map(({ chunk }) => chunk.text),
    );
    return found
      .map(({ chunk }, index) => ({ chunk, score: scores[index] as number }))
      .filter(({ chunk, score }) => score > 0 && meetsDemands(chunk, text))
      .sort(byScore);
  }

  return {
    tenant,

    async nearest(embedding, options, signal) {
      throwIfAborted(signal);
      return best(allNearest(embedding, options), options);
    },

    async matching(text, options, signal) {
      throwIfAborted(signal);
      return best(allMatching(text, options), options);
    },

    async hybrid({ text, embedding, weights }, options, signal) {
      throwIfAborted(signal);
      const depth = Math.max(4 * options.limit, 100);
      const chunksOf = (hits: readonly Hit[]) => hits.slice(0, depth).map(({ chunk }) => chunk);
      const byWords = chunksOf(allMatching(text, options));
      const byVector = chunksOf(allNearest(embedding, options).filter(({ chunk }) => meetsDemands(chunk, text)));
      const share = (chunks: Chunk[], chunk: Chunk) =>
        1 / (K + (chunks.includes(chunk) ? chunks.indexOf(chunk) : depth) + 1);
      const fused = Array.from(new Set([...byWords, ...byVector]), (chunk) => ({
        chunk,
        score: weights.lexical * share(byWords, chunk) + weights.dense * share(byVector, chunk),
      }));
      return best(fused.sort(byScore), options);
    },

    async byIds(ids, signal) {
      throwIfAborted(signal);
      return ids.flatMap((id) => rows.get(id)?.chunk ?? []);
    },

    async embedded(ids, model, signal) {
      throwIfAborted(signal);
      return new Set(ids.filter((id) => rows.get(id)?.vectors.has(model)));
    },

    async replaceDocument(document, chunks, signal) {
      throwIfAborted(signal);
      const before = idsOf(document, rows);
      const after = new Map(chunks.map((chunk) => [chunk.id, rowOf(chunk, document, rows)]));
      if (after.size < chunks.length)
        throw new PackhouseError('invalid_request', 'Two of the chunks have the same id.');
      checkLengths([...rows.values(), ...after.values()]);
      for (const id of before) rows.delete(id);
      for (const [id, row] of after) rows.set(id, row);
      const kept = before.filter((id) => after.has(id)).length;
      return { added: after.size - kept, kept, removed: before.length - kept };
    },

    async deleteDocument(document, signal) {
      throwIfAborted(signal);
      const ids = idsOf(document, rows);
      for (const id of ids) rows.delete(id);
      return ids.length;
    },
  };
}

function meetsDemands({ text }: Chunk, asked: string): boolean {
  const { phrases, required } = demandsOf(asked);
  const terms = new Set(words(text));
  return (
    phrases.every((phrase) => phraseFinder(phrase)(text)) && required.flatMap(words).every((term) => terms.has(term))
  );
}

const best = (hits: readonly Hit[], { limit, minScore = -Infinity }: SearchOptions) =>
  hits.filter(({ score }) => score >= minScore).slice(0, limit);

const byScore = (a: Hit, b: Hit) => b.score - a.score;

const idsOf = (document: DocumentRef, rows: ReadonlyMap<string, Row>) =>
  [...rows.values()].filter(({ chunk }) => isOf(document, chunk)).map(({ chunk }) => chunk.id);

const isOf = (a: DocumentRef, b: DocumentRef) => a.collection === b.collection && a.documentId === b.documentId;

function rowOf({ embedding, ...chunk }: NewChunk, document: DocumentRef, rows: ReadonlyMap<string, Row>): Row {
  const stored = rows.get(chunk.id);
  if (!isOf(document, chunk) || (stored && !isOf(document, stored.chunk)))
    throw new PackhouseError('invalid_request', `The chunk ${chunk.id} belongs to another document.`);
  if (!embedding && !stored) throw new PackhouseError('invalid_request', `The new chunk ${chunk.id} has no vector.`);
  const vectors = new Map(stored?.vectors);
  if (embedding) vectors.set(embedding.model, embedding.vector);
  return { chunk, vectors };
}

function checkLengths(rows: readonly Row[]): void {
  const first = new Map<string, Float32Array>();
  for (const [model, vector] of rows.flatMap(({ vectors }) => [...vectors])) {
    first.set(model, sameLength(first.get(model) ?? vector, vector, model));
  }
}

function sameLength(stored: Float32Array, given: Float32Array, model: string): Float32Array {
  if (stored.length === given.length) return stored;
  const message = `A vector of ${model} has ${stored.length} dimensions, not ${given.length}.`;
  throw new PackhouseError('dimension_mismatch', message);
}

function cosine(a: Float32Array, b: Float32Array): number {
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : a.reduce((sum, value, index) => sum + value * (b[index] as number), 0) / lengths;
}
