import { abortError } from '@packhouse/core';
import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { goneSignal } from './gone-signal.js';

const response = () => new ServerResponse(new IncomingMessage(new Socket()));
const closed = (raw: ServerResponse) => new Promise((resolve) => raw.once('close', resolve));

describe('goneSignal', () => {
  it('fires when the client goes away', async () => {
    const raw = response();
    const signal = goneSignal(raw, 60_000);
    raw.destroy();
    await closed(raw);
    expect(abortError(signal).code).toBe('aborted');
  });

  it('has fired where the client was gone before', async () => {
    const raw = response();
    raw.destroy();
    await closed(raw);
    expect(goneSignal(raw, 60_000).aborted).toBe(true);
  });

  it('fires as a timeout when the time is up', async () => {
    const signal = goneSignal(response(), 20);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(abortError(signal).code).toBe('timeout');
  });

  it('does not fire once the answer is finished, and holds no timer', async () => {
    const raw = response();
    raw.assignSocket(new Socket());
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const signal = goneSignal(raw, 30);
    Object.defineProperty(raw, 'writableFinished', { value: true });
    raw.emit('close');
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBe(before);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(signal.aborted).toBe(false);
  });
});
