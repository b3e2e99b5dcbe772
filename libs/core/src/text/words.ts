const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The words of a text, in order, lower case and in compatibility form (NFKC); punctuation and spaces are left out. */
export function words(text: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
    if (isWordLike) found.push(segment);
  }
  return found;
}
