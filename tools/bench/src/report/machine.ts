import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release } from 'node:os';
import pg from 'pg';

/** Where, when and on what these figures were taken. */
export async function provenance(serverUrl: string, loadBefore: string): Promise<string> {
  const commit = git('rev-parse', '--short', 'HEAD');
  const changed =
    git('status', '--porcelain', '--', 'libs', 'tools/bench/src') === '' ? '' : ' with uncommitted changes';
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit}${changed}.`,
    `${availableParallelism()} shared cores (${cpus()[0]?.model.trim()}), Linux ${release()}, Node ${process.versions.node}, ${await server(serverUrl)}.`,
    `Load average ${loadBefore} before, ${load()} after.`,
  ].join(' ');
}

/** Of the last minute. */
export function load(): string {
  return (loadavg()[0] as number).toFixed(1);
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

async function server(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client
    .query<{ version: string; vector: string; fsync: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
         (select default_version from pg_available_extensions where name = 'vector') as vector`,
    )
    .finally(() => client.end());
  const { version, vector, fsync } = rows[0] as (typeof rows)[0];
  return `PostgreSQL ${version.split(' ')[0]}, pgvector ${vector}, fsync ${fsync}`;
}
