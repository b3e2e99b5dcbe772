import { PackhouseError, type Comparison, type Filter } from '@packhouse/core';
import type { SearchParams } from './search-params.js';
import { isStorable } from './storable-ids.js';

type Value = string | number | boolean;

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * A filter as a condition on `attributes`, true exactly where `passes` is. Keys and values are parameters, never part of
 * the SQL. What PostgreSQL's text cannot hold is no stored attribute's key or value.
 */
export function filterCondition(filter: Filter, { bind }: Pick<SearchParams, 'bind'>): string {
  const condition = (each: Filter): string => {
    switch (each.type) {
      case 'and':
        return `(${['true', ...each.filters.map(condition)].join(' and ')})`;
      case 'or':
        return `(${['false', ...each.filters.map(condition)].join(' or ')})`;
      case 'eq':
        return isOneOf(each.key, [each.value]);
      case 'ne':
        return `not ${isOneOf(each.key, [each.value])}`;
      case 'in':
        return isOneOf(each.key, each.value);
      case 'nin':
        return `not ${isOneOf(each.key, each.value)}`;
      default:
        return compares(each.key, operatorOf(each.type), each.value);
    }
  };

  const isOneOf = (key: string, values: readonly Value[]): string => {
    const storable = values.filter((value) => typeof value !== 'string' || isStorable(value));
    if (!isStorable(key)) return 'false';
    // Absent is null, which is neither true nor, negated, so.
    const list = bind(storable.map((value) => JSON.stringify(value)));
    return `coalesce(attributes -> ${bind(key)}::text = any(${list}::text[]::jsonb[]), false)`;
  };

  const compares = (key: string, operator: string, value: Value): string => {
    if (!isStorable(key)) return 'false';
    const name = `${bind(key)}::text`;
    const sameType = `jsonb_typeof(attributes -> ${name}) = '${typeof value}'`;
    // jsonb orders texts by the database's collation: their bytes are in the order of code points everywhere.
    const ordered =
      typeof value === 'string'
        ? `convert_to(attributes ->> ${name}, 'UTF8') ${operator} ${bind(Buffer.from(value))}::bytea`
        : `attributes -> ${name} ${operator} ${bind(JSON.stringify(value))}::text::jsonb`;
    return `coalesce(${sameType} and ${ordered}, false)`;
  };

  return condition(filter);
}

/** The type says which there are; a caller without types may not know. */
function operatorOf(type: Exclude<Comparison['type'], 'eq'>): string {
  if (Object.hasOwn(OPERATORS, type)) return OPERATORS[type];
  throw new PackhouseError('invalid_request', 'A filter has a type that is none of ours.', { param: 'filter' });
}
