import { claims, now, SECRET, token } from '../../fixtures/token.js';
import { tokenHolder } from './token-holder.js';

const bearing = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` }, method: 'GET' });

describe('a token that was let in before', () => {
  afterEach(() => jest.useRealTimers());

  it('is let in until the second it expires, with the tolerance', async () => {
    const expiring = token({ payload: claims({ exp: now() + 60 }) });
    const holder = tokenHolder({ secret: SECRET, clockToleranceSeconds: 5 });
    const at = async (seconds: number) => {
      jest.useFakeTimers({ now: start + seconds * 1000, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      return holder(bearing(expiring)).then(
        ({ subject }) => subject,
        ({ message }: Error) => message,
      );
    };
    const start = Math.floor(Date.now() / 1000) * 1000;
    expect([await at(0), await at(64), await at(66), await at(64)]).toEqual([
      'ada',
      'ada',
      'The token has expired.',
      'ada',
    ]);
  });

  it.each([
    ['another signature', (good: string) => good.replace(/[^.]+$/, 'A'.repeat(43))],
    ['none', (good: string) => good.replace(/[^.]+$/, '')],
    [
      'other claims',
      (good: string) =>
        [good.split('.')[0], token({ payload: claims({ tenant: 'other' }) }).split('.')[1], good.split('.')[2]].join(
          '.',
        ),
    ],
  ])('lets in no other with %s', async (_, forged) => {
    const holder = tokenHolder({ secret: SECRET });
    const good = token();
    await holder(bearing(good));
    await expect(holder(bearing(forged(good)))).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is not spoilt by what is made of its principal', async () => {
    const holder = tokenHolder({ secret: SECRET });
    const credential = token();
    Object.assign(await holder(bearing(credential)), { tenant: 'other' });
    expect(await holder(bearing(credential))).toEqual({ tenant: 'acme', role: 'reader', subject: 'ada' });
  });
});
