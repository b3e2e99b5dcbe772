import fc from 'fast-check';
import { parseFilter, passes, type Filter } from './filter.js';

const eq = (key: string, value: string | number | boolean): Filter => ({ type: 'eq', key, value });

describe('passes', () => {
  const attributes = { year: 2024, title: 'b', final: true };
  it.each<[Filter, boolean]>([
    [eq('year', 2024), true],
    [eq('year', '2024'), false],
    [eq('none', 2024), false],
    [{ type: 'ne', key: 'none', value: 1 }, true],
    [{ type: 'gt', key: 'year', value: 2023 }, true],
    [{ type: 'gt', key: 'title', value: 'a' }, true],
    [{ type: 'gt', key: 'title', value: 1 }, false],
    [{ type: 'lte', key: 'year', value: 2024 }, true],
    [{ type: 'in', key: 'year', value: [1, 2024] }, true],
    [{ type: 'nin', key: 'none', value: [1] }, true],
    [{ type: 'and', filters: [eq('final', true), eq('title', 'x')] }, false],
    [{ type: 'or', filters: [eq('final', true), eq('title', 'x')] }, true],
    [eq('constructor', 'x'), false],
    [eq('__proto__', 'x'), false],
  ])('%j: %j', (filter, expected) => {
    expect(passes(attributes, filter)).toBe(expected);
  });

  it('compares texts by code point', () => {
    expect(passes({ t: '\u{1F34B}' }, { type: 'gt', key: 't', value: '\u{FFFD}' })).toBe(true);
  });
});

describe('parseFilter', () => {
  it('takes what it is given, as deep as it may be', () => {
    const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 5 },
        fc.record({
          type: fc.constant('eq' as const),
          key: fc.string({ minLength: 1, maxLength: 64 }),
          value: fc.integer(),
        }),
        fc.record({
          type: fc.constantFrom('and' as const, 'or' as const),
          filters: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
        }),
      ),
    }));
    fc.assert(fc.property(filter, (value) => void expect(parseFilter(value)).toEqual(value)));
  });

  it.each([
    [null, 'filters'],
    [[], 'filters'],
    [{ type: '$eq', key: 'a', value: 1 }, 'filters.type'],
    [{ type: 'eq', key: '', value: 1 }, 'filters.key'],
    [{ type: 'eq', key: 'k'.repeat(65), value: 1 }, 'filters.key'],
    [{ type: 'eq', key: 'a', value: { $ne: 1 } }, 'filters.value'],
    [{ type: 'eq', key: 'a', value: NaN }, 'filters.value'],
    [{ type: 'eq', key: 'a', value: 1, also: 2 }, 'filters.also'],
    [{ type: 'in', key: 'a', value: [] }, 'filters.value'],
    [{ type: 'and', filters: [{ type: 'eq', key: 'a' }] }, 'filters.filters.0.value'],
  ])('refuses %j at %s', (value, param) => {
    expect(() => parseFilter(value)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  it('refuses depth and breadth without end', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? eq('a', 1) : { type: 'and', filters: [nested(depth - 1)] };
    expect(() => parseFilter(nested(8))).toThrow('nested deeper');
    const wide = { type: 'or', filters: Array.from({ length: 100 }, () => eq('a', 1)) };
    expect(() => parseFilter(wide)).toThrow('more than 100 parts');
  });
});
