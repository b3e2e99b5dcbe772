import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** One step of the schema. */
export interface Migration {
  /** Counts from 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /** SHA-256 of its SQL, in hex. */
  readonly checksum: string;
}

export interface MigrationFile extends Migration {
  readonly sql: string;
}

/** The package's own folder, seen from src/db and from dist/db alike. */
const FOLDER = new URL('../../migrations/', import.meta.url);

/** All migrations of this version of the package, in order. */
export async function readMigrations(): Promise<MigrationFile[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return Promise.all(names.map(readMigration));
}

async function readMigration(filename: string): Promise<MigrationFile> {
  const sql = await readFile(new URL(filename, FOLDER), 'utf8');
  return {
    version: Number(filename.slice(0, 4)),
    name: filename.slice(5, -'.sql'.length),
    checksum: createHash('sha256').update(sql).digest('hex'),
    sql,
  };
}
