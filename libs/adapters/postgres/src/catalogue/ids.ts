import { randomBytes } from 'node:crypto';

/** Crockford's base 32: in ASCII order, and without letters that look like digits. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

const TIME_DIGITS = 10;
const RANDOM_DIGITS = 14;

/**
 * A new id: the prefix, then 24 letters and digits, of which 10 are the time in milliseconds and 14 are 70 random bits.
 * Byte order is the order of creation, as in ULID, and nobody guesses one.
 */
export function newId(prefix: string, now = Date.now()): string {
  const time = Array.from({ length: TIME_DIGITS }, (_, place) => digit(now / 32 ** (TIME_DIGITS - 1 - place)));
  return `${prefix}${time.join('')}${Array.from(randomBytes(RANDOM_DIGITS), digit).join('')}`;
}

function digit(value: number): string {
  return DIGITS.charAt(Math.floor(value) % 32);
}
