/** In tokens, question and answer together, at least; first match counts. https://platform.openai.com/docs/models */
const KNOWN: readonly (readonly [RegExp, number])[] = [
  [/^gpt-(\d|\.)+-chat-latest/, 128_000],
  [/^gpt-([5-9]|\d\d)/, 400_000],
  [/^gpt-4\.1/, 1_047_576],
  [/^gpt-4o/, 128_000],
  [/^o\d/, 200_000],
];

/** What servers of one's own usually hold; a window that is too large is cut by some of them without a word. */
const UNKNOWN = 8192;

export const contextWindowOf = (model: string): number => KNOWN.find(([names]) => names.test(model))?.[1] ?? UNKNOWN;
