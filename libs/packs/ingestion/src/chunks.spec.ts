import { chunkId } from './chunk-id.js';
import { chunks } from './chunks.js';

const document = { collection: 'manuals', documentId: 'a1', source: 'boiler.pdf' };
const piece = (text: string, start = 0) => ({ text, span: { start, end: start + text.length }, pages: [] });

describe('chunkId', () => {
  it('is the same for the same text in the same document', () => {
    expect(chunkId(document, 'text', 0)).toBe(chunkId({ ...document }, 'text', 0));
    expect(chunkId(document, 'text', 0)).toMatch(/^chunk_[\w-]{22}$/);
  });

  it('never changes: stores hold it', () => {
    expect(chunkId({ collection: 'c', documentId: 'd' }, 'text', 0)).toBe('chunk_bTVbSy3mtRQqmf-R6OhbuA');
  });

  it('is another for another text, occurrence, document or collection', () => {
    const ids = [
      chunkId(document, 'text', 0),
      chunkId(document, 'text.', 0),
      chunkId(document, 'text', 1),
      chunkId({ ...document, documentId: 'a2' }, 'text', 0),
      chunkId({ ...document, collection: 'news' }, 'text', 0),
      chunkId({ collection: 'manualsa', documentId: '1' }, 'text', 0),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('chunks', () => {
  it('number the pieces and say whose they are', () => {
    const attributes = { year: 2024 };
    expect(chunks({ ...document, attributes }, [piece('one'), piece('two', 4)])).toEqual([
      { ...document, ...piece('one'), attributes, ordinal: 0, id: chunkId(document, 'one', 0) },
      { ...document, ...piece('two', 4), attributes, ordinal: 1, id: chunkId(document, 'two', 0) },
    ]);
  });

  it('tell the same text in two places apart', () => {
    const [first, second] = chunks(document, [piece('again'), piece('again', 6)]);
    expect(first?.id).toBe(chunkId(document, 'again', 0));
    expect(second?.id).toBe(chunkId(document, 'again', 1));
  });

  it('keep their ids where text is put in before them', () => {
    const before = chunks(document, [piece('one'), piece('two', 4)]);
    const after = chunks(document, [piece('zero'), piece('one', 5), piece('two', 9)]);
    expect(after.slice(1).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });
});
