import { abortError, throwIfAborted } from './abort.js';
import { PackhouseError } from './errors.js';

describe('a signal that fired', () => {
  it('is a timeout where time made it fire, which may be tried again', async () => {
    const signal = AbortSignal.timeout(1);
    await new Promise((done) => signal.addEventListener('abort', done));
    expect(abortError(signal)).toMatchObject({ code: 'timeout', retryable: true });
  });

  it.each([undefined, null, 'gone', new Error('gone')])(
    'is aborted where the caller gave %p for a reason',
    (reason) => {
      expect(abortError(AbortSignal.abort(reason))).toMatchObject({ code: 'aborted', retryable: false });
    },
  );

  it('keeps an error of ours', () => {
    const reason = new PackhouseError('unavailable', 'stopping');
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(reason);
  });
});
