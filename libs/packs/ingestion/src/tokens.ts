/** Counts a text's tokens. It must not give more than 4 for a code point, as no byte-level tokenizer does. */
export type CountTokens = (text: string) => number;

/** Counts by cl100k_base, the vocabulary of OpenAI's embedding models, which is only loaded by the first call. */
export async function cl100k(): Promise<CountTokens> {
  const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
  // A document may hold the text `<|endoftext|>`; by default the tokenizer throws at it.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}

/**
 * Whether there are more than `limit` characters, all spaces or none of them, without a break. Tokenizers take quadratic
 * time for such a run.
 */
export function hasLongRun(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  for (const [run] of text.matchAll(/\S+|\s+/g)) if (run.length > limit) return true;
  return false;
}
