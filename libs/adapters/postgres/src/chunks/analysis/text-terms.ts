import { characterGrams, stretches } from './unspaced.js';

/** The terms of a text in compatibility form (NFKC): by characters where its script has no spaces, else by `terms`. */
export function textTerms(text: string, terms: (spaced: string) => string[]): string[] {
  return stretches(text.normalize('NFKC')).flatMap(({ text, gram }) =>
    gram ? characterGrams(text, gram) : terms(text),
  );
}
