import { hasUniqueMembers } from './unique-members.js';

describe('hasUniqueMembers', () => {
  it.each([
    '{}',
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"a":"b\\":","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a" : 1, "A" : 2}',
    '{"__proto__":1,"constructor":2}',
    '[["a"],["a"]]',
    '"a"',
    'null',
  ])('is true of %s', (json) => {
    expect(hasUniqueMembers(json)).toBe(true);
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":{"c":1,"c":2}}',
    '[{"a":1,"a" : 2}]',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"a\\"":1,"a\\"":2}',
  ])('is false of %s', (json) => {
    expect(hasUniqueMembers(json)).toBe(false);
  });

  it.each(['', '{', '{"a":1}}', "{'a':1}"])('throws for what is no JSON: %s', (text) => {
    expect(() => hasUniqueMembers(text)).toThrow(SyntaxError);
  });
});
