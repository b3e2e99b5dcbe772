import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readMigrations } from '../db/migrations.js';

/** Names what a prepared database depends on: this package's migrations, and the versions of PGlite that it names. */
export async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(new URL('../../package.json', import.meta.url)));
  for (const { checksum } of await readMigrations()) hash.update(checksum);
  return hash.digest('hex').slice(0, 16);
}
