import { codePointLength, sliceCodePoints, type DocumentRef } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';

interface Row {
  body: string;
  span_start: number;
}

/**
 * A document's extracted text, put together again from its chunks, so that every span of theirs points into it. Only
 * white space lies between chunks: it comes back as line breaks. Null where the document has no chunks.
 */
export async function documentText(
  tx: TenantTx,
  { collection, documentId }: DocumentRef,
  signal?: AbortSignal,
): Promise<string | null> {
  const rows = await tx.query<Row>(
    `select body, span_start from packhouse.chunks
     where tenant_id = $1 and collection = $2 and document_id = $3 order by span_start, span_end`,
    [tx.tenant, collection, documentId],
    signal,
  );
  return rows.length === 0 ? null : joined(rows);
}

function joined(rows: readonly Row[]): string {
  const pieces: string[] = [];
  let end = 0;
  for (const { body, span_start: start } of rows) {
    const length = codePointLength(body);
    if (start > end) pieces.push('\n'.repeat(start - end));
    if (start + length <= end) continue;
    pieces.push(start < end ? sliceCodePoints(body, end - start, length) : body);
    end = start + length;
  }
  return pieces.join('');
}
