import { PackhouseError } from '@packhouse/core';

/** The longest that is kept: a tag of a language that someone speaks is far shorter. */
const MAX_LENGTH = 64;

/** A language tag in its one form: `PT-br` as `pt-BR`. @throws PackhouseError `invalid_request` for what is none */
export function canonicalTag(tag: string): string {
  return localeOf(tag).toString();
}

/** The language that a tag is of, without script, region and the like. @throws as {@link canonicalTag} */
export function primarySubtag(tag: string): string {
  return localeOf(tag).language;
}

function localeOf(tag: string): Intl.Locale {
  try {
    if (tag.length <= MAX_LENGTH) return new Intl.Locale(tag);
  } catch {
    // Falls to the error below.
  }
  const message = `${JSON.stringify(tag.slice(0, MAX_LENGTH))} is no language tag (BCP 47), as "en" or "pt-BR".`;
  throw new PackhouseError('invalid_request', message, { param: 'language' });
}
