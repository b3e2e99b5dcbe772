import { sliceCodePoints, tenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import { asTenant } from '../db/db.js';
import { testDatabases } from '../testing/test-databases.js';
import { chunkStore } from './chunk-store.js';
import { documentText } from './document-text.js';

const TENANT = tenantId('acme');
const DOCUMENT = { collection: 'c', documentId: 'd' };
const TEXT = '  One 🍋 two three.\n\nFour five 🍋🍋 six.   Seven.';

/** As a splitter cuts: overlapping, trimmed, with white space between some. */
const SPANS = [
  [2, 18],
  [8, 18],
  [20, 37],
  [25, 37],
  [40, 46],
] as const;

describe.each(testDatabases())('documentText on $name', ({ open }) => {
  it('is a text into which the spans of all chunks point', async () => {
    const { db, close } = await open();
    const embedding = { model: 'm', vector: Float32Array.of(1) };
    const chunks = SPANS.map(([start, end], ordinal) => ({
      ...chunk({
        ...DOCUMENT,
        id: `c${ordinal}`,
        ordinal,
        span: { start, end },
        text: sliceCodePoints(TEXT, start, end),
      }),
      embedding,
    }));
    const store = chunkStore(db).forTenant(TENANT);
    await store.replaceDocument(DOCUMENT, chunks);

    const text = (await asTenant(db, TENANT, (tx) => documentText(tx, DOCUMENT)))!;
    for (const { span, text: body } of chunks) expect(sliceCodePoints(text, span.start, span.end)).toBe(body);
    expect(text.replace(/\s+/g, '')).toBe(TEXT.replace(/\s+/g, ''));

    const elsewhere = (tenant: string) => asTenant(db, tenantId(tenant), (tx) => documentText(tx, DOCUMENT));
    expect(await elsewhere('mallory')).toBeNull();
    await close();
  });
});
