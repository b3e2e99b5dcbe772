import { cleanText } from './clean-text.js';

/** Leaves out ids that PostgreSQL could not hold, which are therefore nobody's. */
export function storableIds(ids: readonly string[]): string[] {
  return ids.filter(isStorable);
}

export function isStorable(id: string): boolean {
  return cleanText(id) === id;
}
