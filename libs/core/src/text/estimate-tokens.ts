const utf8 = new TextEncoder();

/**
 * Tokens of a text, on the safe side: a third of its UTF-8 bytes. English has about four bytes a token, Chinese about
 * three, and every model another tokenizer.
 */
export const estimateTokens = (text: string): number => Math.ceil(utf8.encode(text).length / 3);
