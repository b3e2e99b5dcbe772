import { reranked, type Chunk, type Retriever } from '@packhouse/core';
import { chunk, describeRetriever, listRetriever, scriptedChat, wordEmbedder } from '@packhouse/core/testing';
import { array, assert, boolean, constantFrom, dictionary, integer, oneof, property, record, string } from 'fast-check';
import {
  Document,
  getResponseSynthesizer,
  ImageNode,
  IndexNode,
  MetadataMode,
  RetrieverQueryEngine,
  Settings,
  TextNode,
  VectorStoreIndex,
  type BaseNode,
} from 'llamaindex';
import { chunkToNode, nodeToChunk } from './chunk-node.js';
import { fromLlamaIndexRetriever } from './from-retriever.js';
import { toLlamaIndexEmbedding } from './to-embedding.js';
import { toLlamaIndexLLM } from './to-llm.js';
import { toLlamaIndexRetriever } from './to-retriever.js';

const falling = (chunks: readonly Chunk[]) => chunks.map((each, index) => ({ chunk: each, score: 1 / (index + 1) }));
const list = (chunks: readonly Chunk[]) => listRetriever('list', falling(chunks));
const fixed = (...found: { node: BaseNode; score?: number }[]) => ({ retrieve: async () => found });
const question = { text: 'refund', limit: 5 };

describeRetriever('a retriever of ours, through LlamaIndex and back', (chunks) =>
  fromLlamaIndexRetriever(toLlamaIndexRetriever(list(chunks), { limit: 20 })),
);

const REFUND = chunk({
  id: 'refund 1',
  collection: 'shop',
  documentId: 'file-1',
  text: ' A refund 💶 is paid within ten days.\n',
  ordinal: 3,
  span: { start: 40, end: 77 },
  pages: [{ number: 2, start: 10 }],
  source: 'terms.pdf',
  attributes: { file_name: 'my own', year: 2024 },
});

describe('toLlamaIndexRetriever', () => {
  it('feeds a RetrieverQueryEngine, which shows the model text, file and page and nothing else of ours', async () => {
    const chat = scriptedChat(['Within ten days.']);
    const engine = new RetrieverQueryEngine(
      toLlamaIndexRetriever(list([REFUND]), { limit: 2 }),
      getResponseSynthesizer('compact', { llm: toLlamaIndexLLM(chat) }),
    );
    const answer = await engine.query({ query: 'When?' });
    expect(answer.toString()).toBe('Within ten days.');
    expect(answer.sourceNodes).toMatchObject([{ node: { id_: 'refund 1' }, score: 1 }]);
    expect(JSON.stringify(chat.calls)).toContain('A refund 💶 is paid within ten days.');
    expect(JSON.stringify(chat.calls)).not.toContain('packhouse');
    const [hit] = answer.sourceNodes ?? [];
    expect(hit?.node.getContent(MetadataMode.LLM)).toMatch(/file_name: terms\.pdf\npage_label: 2/);
  });

  it('asks for its limit, with the words of a question in parts', async () => {
    const asked: unknown[] = [];
    const retriever: Retriever = { name: 'asked', retrieve: async (query) => (asked.push(query), []) };
    await toLlamaIndexRetriever(retriever, { limit: 7 }).retrieve({ query: [{ type: 'text', text: 'When?' }] });
    expect(asked).toEqual([{ text: 'When?', limit: 7 }]);
  });

  it('fails as the retriever fails', async () => {
    const retriever: Retriever = { name: 'broken', retrieve: () => Promise.reject(new Error('down')) };
    await expect(toLlamaIndexRetriever(retriever, { limit: 1 }).retrieve('x')).rejects.toThrow('down');
  });
});

describe('fromLlamaIndexRetriever', () => {
  it('brings a VectorStoreIndex into a retriever of ours', async () => {
    const documents = [
      new Document({
        id_: 'terms',
        text: 'A refund is paid within ten days.',
        metadata: { file_name: 'terms.pdf', page_label: '4' },
      }),
      new Document({ id_: 'news', text: 'Vouchers were printed in green.' }),
    ];
    const llm = toLlamaIndexLLM(scriptedChat([]));
    const embedModel = toLlamaIndexEmbedding(wordEmbedder());
    // The index reads both from settings that are the process's, even where it does not use them.
    const within = <T>(work: () => T) => Settings.withLLM(llm, () => Settings.withEmbedModel(embedModel, work));
    const hits = await within(async () => {
      const index = await VectorStoreIndex.fromDocuments(documents);
      const first = fromLlamaIndexRetriever(index.asRetriever({ similarityTopK: 2 }), { collection: 'shop' });
      const last = {
        model: 'length',
        maxBatch: 9,
        score: async (_: string, texts: readonly string[]) => texts.map((t) => t.length),
      };
      return reranked(first, last).retrieve({ text: 'When is a refund paid?', limit: 1 });
    });
    expect(hits).toMatchObject([
      {
        score: 33,
        chunk: {
          collection: 'shop',
          documentId: 'terms',
          text: 'A refund is paid within ten days.',
          source: 'terms.pdf',
          pages: [{ number: 4, start: 0 }],
          attributes: { file_name: 'terms.pdf', page_label: '4' },
        },
      },
    ]);
  });

  it('keeps a score of 0, counts a missing one as 0, and puts the best first, each once', async () => {
    const node = (id_: string) => new TextNode({ id_, text: `Text ${id_}` });
    const twin = node('b');
    const found = fixed(
      { node: node('a'), score: 0 },
      { node: twin, score: 0.5 },
      { node: twin, score: 0.2 },
      { node: node('c') },
    );
    const hits = await fromLlamaIndexRetriever(found).retrieve(question);
    expect(hits.map(({ chunk: { id }, score }) => [id, score])).toEqual([
      ['b', 0.5],
      ['a', 0],
      ['c', 0],
    ]);
  });

  it('takes an IndexNode as it is and leaves out pictures without text', async () => {
    const found = fixed(
      { node: new IndexNode({ id_: 'i', text: 'Summary', indexId: 'table-1' }), score: 1 },
      { node: new ImageNode({ id_: 'p', image: 'a.png' }), score: 1 },
    );
    const hits = await fromLlamaIndexRetriever(found).retrieve(question);
    expect(hits).toMatchObject([{ chunk: { id: 'i', text: 'Summary', attributes: { index_id: 'table-1' } } }]);
  });

  it('tells a caller that goes at once, though LlamaIndex works on', async () => {
    const caller = new AbortController();
    const hits = fromLlamaIndexRetriever({ retrieve: () => new Promise(() => {}) }).retrieve(question, caller.signal);
    caller.abort();
    await expect(hits).rejects.toMatchObject({ code: 'aborted' });
  });

  it('says who failed and whether to try again', async () => {
    const failing = (cause: unknown) =>
      fromLlamaIndexRetriever({ retrieve: () => Promise.reject(cause) }, { name: 'old' });
    await expect(failing(new Error('no route')).retrieve(question)).rejects.toMatchObject({
      code: 'provider_failed',
      message: 'old failed: no route',
      retryable: true,
    });
    await expect(failing({ status: 401 }).retrieve(question)).rejects.toMatchObject({ code: 'provider_refused' });
    await expect(failing({ status: 429 }).retrieve(question)).rejects.toMatchObject({ code: 'provider_failed' });
  });
});

describe('a chunk as a node', () => {
  const texts = oneof(string({ unit: 'grapheme' }), string({ unit: 'binary' }));
  const chunks = record({
    id: texts.filter((id) => id !== ''),
    collection: texts,
    documentId: texts,
    ordinal: integer({ min: 0 }),
    text: texts,
    span: record({ start: integer({ min: 0 }), end: integer({ min: 0 }) }),
    pages: array(record({ number: integer({ min: 1 }), start: integer({ min: 0 }) })),
    source: texts,
    attributes: dictionary(
      oneof(texts, constantFrom('packhouse', 'file_name', 'page_label')),
      oneof(texts, integer(), boolean()),
    ),
  });

  it('comes back as it was', () => {
    assert(property(chunks, (each) => expect(nodeToChunk(chunkToNode(each), 'other')).toEqual(each)));
  });

  it('comes back as it was from JSON, as stores keep nodes', () => {
    const stored = JSON.parse(JSON.stringify(chunkToNode(REFUND)));
    expect(nodeToChunk({ ...stored, getContent: () => '' }, 'other')).toEqual(REFUND);
  });

  it('is read of any copy of the classes, which `instanceof` would not know', () => {
    const foreign = {
      id_: 'n1',
      type: 'TEXT',
      metadata: { page_number: 3, tags: ['a'], note: null, year: 2024 },
      relationships: { SOURCE: { nodeId: 'doc-9' } },
      startCharIdx: 12,
      getContent: () => 'Words',
    };
    expect(nodeToChunk(foreign, 'shop')).toEqual({
      id: 'n1',
      collection: 'shop',
      documentId: 'doc-9',
      ordinal: 0,
      text: 'Words',
      span: { start: 12, end: 17 },
      pages: [{ number: 3, start: 12 }],
      source: 'doc-9',
      attributes: { page_number: 3, year: 2024 },
    });
  });
});
