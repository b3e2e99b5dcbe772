import jwt from 'jsonwebtoken';

/** What the servers under measurement verify tokens by. */
export const TOKEN_SECRET = 'a secret of the benchmark, and of nothing else';

export function tokenOf(tenant: string): string {
  return jwt.sign({ tenant, role: 'reader' }, TOKEN_SECRET, { algorithm: 'HS256', expiresIn: '2h' });
}

/** The tenant that an Authorization header names. */
export function tenantOf(authorization = ''): string {
  const claims = jwt.verify(authorization.replace(/^Bearer /, ''), TOKEN_SECRET, { algorithms: ['HS256'] });
  return (claims as { tenant: string }).tenant;
}
