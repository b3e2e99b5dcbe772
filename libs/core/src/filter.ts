import { PackhouseError } from './errors.js';
import type { Attributes } from './passage.js';

/** Holds where the attribute `key` compares so to `value`; of another type than `value`, or absent, it never does. */
export interface Comparison {
  readonly type: 'eq' | 'gt' | 'gte' | 'lt' | 'lte';
  readonly key: string;
  readonly value: string | number | boolean;
}

/** Holds where {@link Comparison} `eq` does not: also where there is no such attribute. */
export interface Difference {
  readonly type: 'ne';
  readonly key: string;
  readonly value: string | number | boolean;
}

/** Holds where the attribute is one of the values (`in`), or is none of them or absent (`nin`). */
export interface Membership {
  readonly type: 'in' | 'nin';
  readonly key: string;
  readonly value: readonly (string | number | boolean)[];
}

/** All of them (`and`) or any of them (`or`); 1 or more. */
export interface Compound {
  readonly type: 'and' | 'or';
  readonly filters: readonly Filter[];
}

/** What attributes a hit must have: OpenAI's comparison and compound filters, a closed union. */
export type Filter = Comparison | Difference | Membership | Compound;

/** Bounds of a filter from outside. */
const MAX_DEPTH = 8;
const MAX_PARTS = 100;
const MAX_VALUES = 1_000;
const MAX_TEXT = 512;
const MAX_KEY = 64;

/**
 * Reads a filter from outside.
 *
 * @throws PackhouseError `invalid_request` that says where it is wrong: an unknown type or member, a key that is empty or
 *   longer than 64 characters, a value of another type, a filter nested deeper than 8 or of more than 100 parts
 */
export function parseFilter(value: unknown): Filter {
  let parts = 0;
  const parse = (at: unknown, path: string, depth: number): Filter => {
    if (++parts > MAX_PARTS) throw wrong(path, `has more than ${MAX_PARTS} parts`);
    if (depth > MAX_DEPTH) throw wrong(path, `is nested deeper than ${MAX_DEPTH}`);
    const { type, ...members } = record(at, path);
    switch (type) {
      case 'and':
      case 'or': {
        const { filters } = only(members, ['filters'], path);
        const children = list(filters, `${path}.filters`, MAX_PARTS);
        return { type, filters: children.map((child, n) => parse(child, `${path}.filters.${n}`, depth + 1)) };
      }
      case 'in':
      case 'nin': {
        const { key, value: values } = only(members, ['key', 'value'], path);
        const scalars = list(values, `${path}.value`, MAX_VALUES);
        return { type, key: keyOf(key, path), value: scalars.map((each) => scalar(each, `${path}.value`)) };
      }
      case 'eq':
      case 'ne':
      case 'gt':
      case 'gte':
      case 'lt':
      case 'lte': {
        const { key, value: compared } = only(members, ['key', 'value'], path);
        return { type, key: keyOf(key, path), value: scalar(compared, `${path}.value`) };
      }
      default:
        throw wrong(`${path}.type`, 'is one of and, or, eq, ne, gt, gte, lt, lte, in, nin');
    }
  };
  return parse(value, 'filters', 1);
}

/** Whether attributes pass a filter: what every store's own way of filtering must agree with. Texts by code point. */
export function passes(attributes: Attributes, filter: Filter): boolean {
  switch (filter.type) {
    case 'and':
      return filter.filters.every((each) => passes(attributes, each));
    case 'or':
      return filter.filters.some((each) => passes(attributes, each));
    case 'in':
      return filter.value.some((value) => attributeOf(attributes, filter.key) === value);
    case 'nin':
      return filter.value.every((value) => attributeOf(attributes, filter.key) !== value);
    case 'ne':
      return attributeOf(attributes, filter.key) !== filter.value;
    default:
      return compares(attributeOf(attributes, filter.key), filter);
  }
}

function compares(found: unknown, { type, value }: Comparison): boolean {
  if (typeof found !== typeof value) return false;
  if (type === 'eq') return found === value;
  const order = compare(found as Comparison['value'], value);
  switch (type) {
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
  }
}

/** UTF-8 keeps the order of code points, which JavaScript's `<` (UTF-16) does not. */
function compare(a: Comparison['value'], b: Comparison['value']): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

const attributeOf = (attributes: Attributes, key: string) =>
  Object.hasOwn(attributes, key) ? attributes[key] : undefined;

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(path, 'is an object with a type');
}

function only<const Name extends string>(members: Record<string, unknown>, names: readonly Name[], path: string) {
  for (const name of Object.keys(members)) {
    if (!names.includes(name as Name)) throw wrong(`${path}.${name}`, 'is not a member of such a filter');
  }
  return members as Partial<Record<Name, unknown>>;
}

function list(value: unknown, path: string, most: number): unknown[] {
  if (Array.isArray(value) && value.length >= 1 && value.length <= most) return value;
  throw wrong(path, `is a list of 1 to ${most}`);
}

function keyOf(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= MAX_KEY) return value;
  throw wrong(`${path}.key`, `is a text of 1 to ${MAX_KEY} characters`);
}

function scalar(value: unknown, path: string): string | number | boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
  throw wrong(path, `is a boolean, a number or a text of at most ${MAX_TEXT} characters`);
}

function wrong(path: string, what: string): PackhouseError {
  return new PackhouseError('invalid_request', `${path} ${what}.`, { param: path });
}
