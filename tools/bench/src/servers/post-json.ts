import { once } from 'node:events';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Posts JSON and reads JSON, by the bare client: the callers share the cores with whom they measure.
 *
 * @throws Error for a status that is no success
 */
export async function postJson<T>(agent: Agent, url: string, token: string, body: object): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const asking = request(url, { agent, method: 'POST', headers }).end(JSON.stringify(body));
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  const said = await text(answer);
  if (Math.floor(answer.statusCode! / 100) !== 2)
    throw new Error(`${url} said ${answer.statusCode}: ${said.slice(0, 500)}`);
  return JSON.parse(said) as T;
}
