import { textTerms } from './text-terms.js';

/** A name, path, number or code as it is written: `db.query`, `ISO-9001`, `3.14`. */
const CODE = /[\p{L}\p{M}\p{N}_$]+(?:[-./:@#]+[\p{L}\p{M}\p{N}_$]+)*/gu;
const NAME = /[\p{L}\p{M}\p{N}_$]+/gu;
/** What camelCase, PascalCase, snake_case and HTTPServer2 are made of. */
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}[\p{Ll}\p{M}]*|[\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{N}+/gu;

/** Terms of code: each name whole and in its parts, in lower case, so that either finds it. Nothing is left out. */
export function codeTerms(text: string): string[] {
  return textTerms(text, (spaced) =>
    all(CODE, spaced).flatMap((code) => {
      const names = all(NAME, code);
      return [...new Set([code, ...names, ...names.flatMap((name) => all(PART, name))].map(lower))];
    }),
  );
}

const all = (pattern: RegExp, text: string): string[] => text.match(pattern) ?? [];

const lower = (text: string) => text.toLowerCase();
