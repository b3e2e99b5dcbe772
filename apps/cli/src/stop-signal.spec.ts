import { jest } from '@jest/globals';
import { stopSignal } from './stop-signal.js';

describe('Ctrl-C', () => {
  let exit: jest.SpiedFunction<typeof process.exit>;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  });

  it('is told by the signal, and is one where npm makes two of it', () => {
    const signal = stopSignal();
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    expect(signal.reason).toMatchObject({ name: 'Stopped', exitCode: 130 });
    expect(exit).not.toHaveBeenCalled();
  });

  it('ends the process at once where it comes again', () => {
    stopSignal();
    process.emit('SIGTERM', 'SIGTERM');
    jest.advanceTimersByTime(2_000);
    process.emit('SIGINT', 'SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
  });
});
