import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEVELOPMENT_SECRET, type Settings } from './settings.js';

/**
 * A secret that development makes up once and keeps in the data folder, readable by its owner alone, so that the
 * server and the command line agree on it. Not reached in production: the settings refuse to do without.
 */
export function developmentSecret({ PACKHOUSE_DATA }: Settings, name: 'jwt-secret' | 'database-password'): string {
  const folder = resolve(PACKHOUSE_DATA);
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    // `wx` fails where another process made it in the meantime: then its secret is the one.
    writeFileSync(path, DEVELOPMENT_SECRET + randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8');
}
