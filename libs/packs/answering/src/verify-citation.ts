import { codePointLength, pageAt, sliceCodePoints, type Answer, type Chunk, type Citation } from '@packhouse/core';

/** True where the citation is of this chunk and its quote stands there word for word, at its span and on its page. */
export function verifyCitation(citation: Citation, chunk: Chunk): boolean {
  const { quote, span, page } = citation;
  const from = span.start - chunk.span.start;
  return (
    citation.chunkId === chunk.id &&
    citation.collection === chunk.collection &&
    citation.documentId === chunk.documentId &&
    citation.source === chunk.source &&
    quote !== '' &&
    from >= 0 &&
    sliceCodePoints(chunk.text, from, span.end - chunk.span.start) === quote &&
    page === pageAt(chunk.pages, span.start)
  );
}

/**
 * The answer without the citations that do not hold: those of no chunk here, those whose quote is not in their chunk
 * word for word, and those of a part that the answer does not have.
 */
export function verified(answer: Answer, chunks: readonly Chunk[]): Answer {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const length = codePointLength(answer.text);
  const holds = (citation: Citation) => {
    const { chunkId, cites } = citation;
    const chunk = byId.get(chunkId);
    return (
      chunk !== undefined &&
      verifyCitation(citation, chunk) &&
      0 <= cites.start &&
      cites.start < cites.end &&
      cites.end <= length
    );
  };
  return { ...answer, citations: answer.citations.filter(holds) };
}
