import { Socket } from 'node:net';

describe('@packhouse/llamaindex', () => {
  it('prints nothing and asks no network when it is imported', async () => {
    const spies = [
      jest.spyOn(process.stdout, 'write'),
      jest.spyOn(process.stderr, 'write'),
      jest.spyOn(console, 'log'),
      jest.spyOn(console, 'warn'),
      jest.spyOn(console, 'error'),
      jest.spyOn(Socket.prototype, 'connect'),
      jest.spyOn(globalThis, 'fetch'),
    ];
    const names = Object.keys(await import('./index.js'));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    expect(names.sort()).toEqual([
      'fromLlamaIndexEmbedding',
      'fromLlamaIndexLLM',
      'fromLlamaIndexRetriever',
      'toLlamaIndexEmbedding',
      'toLlamaIndexLLM',
      'toLlamaIndexRetriever',
    ]);
  });
});
