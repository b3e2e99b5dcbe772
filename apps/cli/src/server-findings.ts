import type { Finding } from '@packhouse/server/diagnosis';
import { openApi } from './api/api.js';
import { readServer, serverUrl } from './api/server.js';
import { unreachable } from './api/unreachable-error.js';

const PATIENCE_MS = 5_000;

/** Whether a server answers, is ready, and takes the token. */
export async function* serverFindings(signal: AbortSignal): AsyncGenerator<Finding> {
  const readiness = await attempt(() => ready(signal));
  yield readiness;
  if (readiness.state === 'ok') yield await attempt(() => accepted(signal));
}

async function attempt(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return { area: 'server', state: 'fault', found: (error as Error).message };
  }
}

async function ready(signal: AbortSignal): Promise<Finding> {
  const url = serverUrl();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const response = await fetch(`${url}/health/ready`, { signal: deadline }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreachable(url, error);
  });
  const health = (await response.json().catch(() => ({}))) as { status?: string; error?: Record<string, unknown> };
  if (response.ok && health.status === 'ok') return { area: 'server', state: 'ok', found: `${url} is ready` };
  if (health.status === undefined) throw new Error(`What answers at ${url} is no Packhouse server. Set PACKHOUSE_URL.`);
  const down = Object.keys(health.error ?? {}).join(', ');
  return { area: 'server', state: 'fault', found: `${url} is not ready: ${down}`, mend: 'Its log says why.' };
}

async function accepted(signal: AbortSignal): Promise<Finding> {
  const { token } = await readServer();
  await (await openApi(signal)).get('/models');
  const made = process.env['PACKHOUSE_TOKEN'] ? 'PACKHOUSE_TOKEN' : 'the development token';
  return { area: 'server', state: 'ok', found: `${made} is accepted${claims(token)}` };
}

/** What a token says of itself, to those who cannot verify it. */
function claims(token: string): string {
  try {
    const { tenant, role, exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const parts = [tenant && `tenant ${tenant}`, role, exp && `until ${new Date(exp * 1000).toISOString()}`];
    return `: ${parts.filter(Boolean).join(', ')}`;
  } catch {
    return '';
  }
}
