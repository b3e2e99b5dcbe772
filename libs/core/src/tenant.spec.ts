import { PackhouseError } from './errors.js';
import { tenantId } from './tenant.js';

describe('tenantId', () => {
  it.each(['a', 'acme', 'Acme-1.eu_west', '0', 'a'.repeat(63)])('takes %j', (name) => {
    expect(tenantId(name)).toBe(name);
  });

  it.each(['', ' ', '.a', '-a', '_a', 'a b', "a'", 'ä', 'a/b', 'a\n', 'a'.repeat(64), undefined, null, 7, {}, ['a']])(
    'refuses %j',
    (name) => {
      expect(() => tenantId(name)).toThrow(expect.objectContaining({ code: 'invalid_tenant' }));
    },
  );

  it('throws an error that another copy of the package would know', () => {
    try {
      tenantId('');
    } catch (error) {
      expect(PackhouseError.is(error, 'invalid_tenant')).toBe(true);
    }
    expect.assertions(1);
  });
});
