import { UsageError } from '../usage-error.js';
import { developmentToken } from './development-token.js';

/** Where the API is, and whose it is to be. */
export interface Server {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/** What a server that was started with no settings listens on. */
const DEFAULT_URL = 'http://127.0.0.1:8080';

/** The server that PACKHOUSE_URL and PACKHOUSE_TOKEN name. */
export async function readServer(): Promise<Server> {
  return { url: serverUrl(), token: process.env['PACKHOUSE_TOKEN'] || (await developmentToken()) };
}

/** @throws UsageError */
export function serverUrl(): string {
  const url = process.env['PACKHOUSE_URL'] || DEFAULT_URL;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UsageError(`PACKHOUSE_URL is a URL that begins with http:// or https://, not "${url}".`);
  }
  return url.replace(/\/+$/, '');
}
