import type { Chunk } from '@packhouse/core';

/** What a chunk that stays may change, column by column: ids, ordinals, starts, ends, pages, sources, attributes. */
export function describedColumns(chunks: readonly Chunk[]): unknown[] {
  return [
    chunks.map(({ id }) => id),
    chunks.map(({ ordinal }) => ordinal),
    chunks.map(({ span }) => span.start),
    chunks.map(({ span }) => span.end),
    chunks.map(({ pages }) => JSON.stringify(pages)),
    chunks.map(({ source }) => source),
    chunks.map(({ attributes }) => JSON.stringify(attributes)),
  ];
}
