import type { Embedder } from '../ports/embedder.js';

const TEXTS = [
  'The refund is paid within ten days.',
  'Naïve café 東京 😀 नमस्ते',
  'gamma',
  'The refund is paid.',
  'a\ud800b',
];
/** A batch is padded to its longest text, which moves a model's rounding. */
const SAME = 0.999;

/** What every embedder keeps. `make` may hand out the same embedder again. */
export function describeEmbedder(name: string, make: () => Embedder | Promise<Embedder>): void {
  describe(`${name}, an embedder`, () => {
    let embedder: Embedder;
    beforeAll(async () => {
      embedder = await make();
    });

    it('says what it is', () => {
      expect(embedder.model).not.toBe('');
      expect(embedder.dimensions).toBeGreaterThan(0);
      expect(embedder.maxBatch).toBeGreaterThanOrEqual(TEXTS.length);
      expect(embedder.languages).not.toEqual([]);
    });

    it.each(['query', 'document'] as const)(
      'makes one %s vector a text, of its dimensions and length 1',
      async (kind) => {
        const vectors = await embedder.embed(TEXTS, kind);
        expect(vectors.map((vector) => vector.length)).toEqual(TEXTS.map(() => embedder.dimensions));
        for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 5);
      },
    );

    it('keeps the order, and gives a text the vector it has alone', async () => {
      const together = await embedder.embed(TEXTS, 'document');
      for (const [at, text] of TEXTS.entries()) {
        const [alone] = await embedder.embed([text], 'document');
        expect(dot(together[at], alone)).toBeGreaterThan(SAME);
      }
      expect(dot(together[0], together[2])).toBeLessThan(SAME);
    });

    it('gives the same text the same vector, again and within one batch', async () => {
      const [first, , twin] = await embedder.embed(['alpha', 'beta', 'alpha'], 'document');
      const [again] = await embedder.embed(['alpha', 'beta', 'alpha'], 'document');
      expect(twin).toEqual(first);
      expect(again).toEqual(first);
    });

    it('makes nothing of nothing', async () => {
      expect(await embedder.embed([], 'document')).toEqual([]);
    });

    it('has a zero vector for a text with nothing in it, also between others', async () => {
      const [alone] = await embedder.embed([''], 'query');
      const [before, blank, after] = await embedder.embed(['alpha', ' \n\t', 'beta'], 'document');
      expect(alone).toEqual(new Float32Array(embedder.dimensions));
      expect(blank).toEqual(new Float32Array(embedder.dimensions));
      expect(dot(before, before)).toBeCloseTo(1, 5);
      expect(dot(after, after)).toBeCloseTo(1, 5);
    });

    it('takes its maxBatch and refuses more', async () => {
      const full = Array.from({ length: embedder.maxBatch }, (_, at) => `text ${at}`);
      expect(await embedder.embed(full, 'document')).toHaveLength(embedder.maxBatch);
      const tooMany = embedder.embed([...full, 'one more'], 'document');
      await expect(tooMany).rejects.toMatchObject({ code: 'invalid_request' });
    });

    it('does no work for a caller that has gone', async () => {
      const gone = embedder.embed(['alpha'], 'document', AbortSignal.abort());
      await expect(gone).rejects.toMatchObject({ code: 'aborted' });
    });
  });
}

function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) throw new Error('a vector is missing');
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
}
