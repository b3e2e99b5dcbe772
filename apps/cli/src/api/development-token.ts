import { UsageError } from '../usage-error.js';

/** As the server's own first steps have it: what they uploaded is found. */
const TENANT = 'demo';

/** Longer than the longest ingestion. */
const SECONDS = 24 * 3_600;

/**
 * A token of the secret that a server with these settings verifies with. Loaded late: signing costs more time than a
 * search, and whoever has a token needs none of it.
 */
export async function developmentToken(): Promise<string> {
  const [{ readSettings }, { signToken }, { tenantId }] = await Promise.all([
    import('@packhouse/server/settings'),
    import('@packhouse/server/tokens'),
    import('@packhouse/core'),
  ]);
  const settings = readSettings();
  if (settings.production || settings.JWT_JWKS_URL) {
    throw new UsageError('PACKHOUSE_TOKEN is needed: a token is made up in development only.');
  }
  return signToken(settings, { tenant: tenantId(TENANT), role: 'writer', expiresIn: SECONDS });
}
