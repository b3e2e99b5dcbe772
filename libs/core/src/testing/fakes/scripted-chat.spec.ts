import type { CompletionEvent } from '../../ports/chat-model.js';
import { scriptedChat } from './scripted-chat.js';

const hello = [{ role: 'user', content: 'Hello there' }] as const;

async function all(stream: AsyncIterable<CompletionEvent>): Promise<CompletionEvent[]> {
  const events: CompletionEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe('scriptedChat', () => {
  it('says its answers in order, and counts words as tokens', async () => {
    const chat = scriptedChat(['One.', 'Two words.']);
    expect((await chat.complete(hello)).text).toBe('One.');
    expect(await chat.complete(hello)).toEqual({
      text: 'Two words.',
      finish: 'stop',
      usage: { inputTokens: 2, outputTokens: 2 },
    });
    expect(chat.calls.map(({ messages }) => messages)).toEqual([hello, hello]);
  });

  it('fails when the script is over', async () => {
    await expect(scriptedChat([]).complete(hello)).rejects.toMatchObject({ code: 'provider_failed' });
  });

  it.each(['Word by word.', ' spaces  and\n\nlines ', ''])('streams %j in pieces that join', async (answer) => {
    const events = await all(scriptedChat([answer]).stream(hello));
    expect(events.flatMap((event) => (event.type === 'text' ? event.text : [])).join('')).toBe(answer);
    expect(events.at(-1)).toMatchObject({ type: 'done', completion: { text: answer } });
  });

  it('stops where the signal fires', async () => {
    const caller = new AbortController();
    await expect(async () => {
      const stream = scriptedChat(['One two three.']).stream(hello, { signal: caller.signal });
      for await (const _event of stream) caller.abort();
    }).rejects.toMatchObject({ code: 'aborted' });
  });
});
