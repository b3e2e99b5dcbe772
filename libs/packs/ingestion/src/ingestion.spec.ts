import { dense, tenantId, type Embedder, type TenantStore } from '@packhouse/core';
import { memoryChunkStore, wordEmbedder } from '@packhouse/core/testing';
import { ingestion } from './ingestion.js';

const document = { collection: 'manuals', documentId: 'a1', source: 'boiler.pdf' };
const chunking = { maxTokens: 100, overlapTokens: 40 };

const pages = (...texts: string[]) => ({ text: texts.join('\n\n'), pages: [] });
const chapter = (name: string) =>
  Array.from({ length: 140 }, (_, index) => `Sentence ${index} of chapter ${name} is about ${name}${index}.`).join(' ');

/** An embedder that notes the texts of each call. */
function recording(embedder: Embedder = wordEmbedder()): Embedder & { readonly calls: string[][] } {
  const calls: string[][] = [];
  return {
    ...embedder,
    calls,
    embed: (texts, kind, signal) => (calls.push([...texts]), embedder.embed(texts, kind, signal)),
  };
}

const newStore = (): TenantStore => memoryChunkStore().forTenant(tenantId('acme'));

describe('ingestion', () => {
  it('makes a document searchable', async () => {
    const [store, embedder] = [newStore(), wordEmbedder(1024)];
    const report = await ingestion({ embedder, chunking }).ingest(document, pages(chapter('a'), chapter('b')), store);
    expect(report).toEqual({ added: expect.any(Number), kept: 0, removed: 0 });
    const [hit] = await dense(store, embedder).retrieve({ text: 'b40 b41 b42', limit: 1 });
    expect(hit?.chunk).toMatchObject({ ...document, attributes: {} });
    expect(hit?.chunk.text).toContain('b41');
  });

  it('embeds in order, in batches of the size the embedder takes, and tells how far it is', async () => {
    const embedder = recording();
    const progress: unknown[] = [];
    const onProgress = (each: unknown) => progress.push(each);
    const chunks = await ingestion({ embedder, chunking, onProgress }).prepare(
      document,
      pages(chapter('a')),
      newStore(),
    );
    expect(chunks.length).toBeGreaterThan(16);
    expect(embedder.calls.flat()).toEqual(chunks.map(({ text }) => text));
    expect(embedder.calls.map((texts) => texts.length)).toEqual([16, chunks.length - 16]);
    expect(progress).toEqual([
      { embedded: 16, total: chunks.length },
      { embedded: chunks.length, total: chunks.length },
    ]);
    const vectors = await wordEmbedder().embed([chunks[20]?.text as string], 'document');
    expect(chunks[20]?.embedding).toEqual({ model: embedder.model, vector: vectors[0] });
  });

  it('embeds a text that a document repeats for each place', async () => {
    const embedder = recording();
    const again = `${'The same words. '.repeat(30)}`;
    const store = newStore();
    const { added } = await ingestion({ embedder, chunking }).ingest(document, pages(again, again), store);
    expect(embedder.calls.flat()).toHaveLength(added);
  });

  it('embeds only what the store does not hold', async () => {
    const [store, embedder] = [newStore(), recording()];
    const { ingest } = ingestion({ embedder, chunking });
    const first = await ingest(document, pages(chapter('a')), store);
    embedder.calls.length = 0;
    expect(await ingest(document, pages(chapter('a')), store)).toEqual({ added: 0, kept: first.added, removed: 0 });
    expect(embedder.calls).toEqual([]);

    const second = await ingest(document, pages(chapter('a'), chapter('b')), store);
    expect(second.kept).toBeGreaterThanOrEqual(first.added - 1);
    expect(embedder.calls.flat()).toHaveLength(second.added);
  });

  it('embeds all again for another model', async () => {
    const store = newStore();
    const { added } = await ingestion({ embedder: wordEmbedder(), chunking }).ingest(
      document,
      pages(chapter('a')),
      store,
    );
    const other = recording(wordEmbedder(128));
    await ingestion({ embedder: other, chunking }).ingest(document, pages(chapter('a')), store);
    expect(other.calls.flat()).toHaveLength(added);
  });

  it('prepares without writing, and a document without text without calling', async () => {
    const [store, embedder] = [newStore(), recording()];
    await ingestion({ embedder }).prepare(document, pages(chapter('a')), store);
    expect(await store.deleteDocument(document)).toBe(0);
    embedder.calls.length = 0;
    expect(await ingestion({ embedder }).prepare(document, pages(' '), store)).toEqual([]);
    expect(embedder.calls).toEqual([]);
  });

  it.each<[string, Embedder['embed'], string]>([
    ['too few vectors', async () => [], 'provider_failed'],
    ['too many', async (texts) => [...texts, 'x'].map(() => new Float32Array(64)), 'provider_failed'],
    ['short ones', async (texts) => texts.map(() => new Float32Array(63)), 'dimension_mismatch'],
    ['some that are no numbers', async (texts) => texts.map(() => new Float32Array(64).fill(NaN)), 'provider_failed'],
    ['infinite ones', async (texts) => texts.map(() => new Float32Array(64).fill(Infinity)), 'provider_failed'],
  ])('refuses %s, and keeps the version before', async (_name, embed, code) => {
    const store = newStore();
    const before = await ingestion({ embedder: wordEmbedder() }).ingest(document, pages('Old.'), store);
    const broken = { ...wordEmbedder(), embed };
    const ingest = ingestion({ embedder: broken }).ingest(document, pages('New.'), store);
    await expect(ingest).rejects.toMatchObject({ code, message: expect.stringContaining(broken.model) });
    expect(await store.deleteDocument(document)).toBe(before.added);
  });

  it('stops between batches when the caller goes away', async () => {
    const caller = new AbortController();
    const embedder = recording();
    const prepare = ingestion({ embedder, chunking, onProgress: () => caller.abort() }).prepare(
      document,
      pages(chapter('a')),
      newStore(),
      caller.signal,
    );
    await expect(prepare).rejects.toMatchObject({ code: 'aborted' });
    expect(embedder.calls).toHaveLength(1);
  });
});
