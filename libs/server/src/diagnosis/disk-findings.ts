import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Settings } from '../settings/settings.js';
import type { Finding } from './finding.js';

/** Room for some uploads of the largest size at once, and for the database to tidy up in. */
const ENOUGH_GB = 2;

/** Where data is kept in development, and where uploads wait until they are stored. */
export async function diskFindings({ DATABASE_URL, PACKHOUSE_DATA }: Settings): Promise<Finding[]> {
  const folders = [...(DATABASE_URL ? [] : [existing(resolve(PACKHOUSE_DATA))]), tmpdir()];
  return Promise.all([...new Set(folders)].map(room));
}

async function room(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const gigabytes = (bavail * bsize) / 1e9;
  const found = `${gigabytes.toFixed(1)} GB free in ${folder}`;
  if (gigabytes >= ENOUGH_GB) return { area: 'disk', state: 'ok', found };
  return { area: 'disk', state: 'warning', found, mend: 'Make room, before uploads fail and the database stops.' };
}

const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));
