import { describeEmbedder } from '@packhouse/core/testing';
import fc from 'fast-check';
import { hashed } from './hashed.js';

describeEmbedder('hashed', () => hashed());

async function cosine(a: string, b: string): Promise<number> {
  const [left, right] = await hashed().embed([a, b], 'document');
  return (left as Float32Array).reduce((sum, value, at) => sum + value * (right as Float32Array)[at]!, 0);
}

describe('hashed', () => {
  it('names its scheme and dimensions', () => {
    expect(hashed()).toMatchObject({ model: 'hashed-v1-384', dimensions: 384, learned: false });
    expect(hashed({ dimensions: 64 })).toMatchObject({ model: 'hashed-v1-64', dimensions: 64 });
  });

  it.each([0, -1, 1.5, NaN, 65_537])('refuses %p dimensions', (dimensions) => {
    expect(() => hashed({ dimensions })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  // Stored vectors are compared with those of a later process: these numbers may change only with the model's name.
  it('gives the vectors it has always given', async () => {
    const [vector] = await hashed({ dimensions: 8 }).embed(['Refunds are paid.'], 'document');
    expect(Array.from(vector as Float32Array, (value) => Number(value.toFixed(4)))).toEqual([
      -0.6547, -0.2182, 0.4364, 0.4364, -0.2182, -0.2182, 0, -0.2182,
    ]);
  });

  it('puts texts that share words nearer than texts that share none', async () => {
    const related = await cosine('Refunds are paid within ten days', 'When are refunds paid?');
    const unrelated = await cosine('Refunds are paid within ten days', 'Bolt torque: 40 Nm');
    expect(related).toBeGreaterThan(unrelated + 0.2);
  });

  it('puts inflected and misspelt words near', async () => {
    expect(await cosine('reimbursement', 'reimbursements')).toBeGreaterThan(0.5);
    expect(await cosine('reimbursement', 'reimbursment')).toBeGreaterThan(0.4);
  });

  it('tells word order', async () => {
    expect(await cosine('dog bites man', 'man bites dog')).toBeLessThan(0.999);
  });

  it('does not see case, width or composition', async () => {
    expect(await cosine('CAFÉ ①', 'cafe\u0301 1')).toBeCloseTo(1, 5);
  });

  it('has features for text in any script, of length 1', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const [vector] = await hashed().embed([text], 'document');
        const length = Math.hypot(...(vector as Float32Array));
        expect(length).toBeCloseTo(/[\p{L}\p{M}\p{N}]/u.test(text.normalize('NFKC')) ? 1 : 0, 5);
      }),
    );
  });
});
