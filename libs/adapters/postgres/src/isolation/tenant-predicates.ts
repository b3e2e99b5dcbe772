import { readdir, readFile } from 'node:fs/promises';

/** How the application's own SQL says whose rows it means. */
const PREDICATE = /(?:\b\w+\.)?\btenant_id = \$\d+/g;

/** One predicate in one statement: its n-th. */
export interface Place {
  readonly sql: string;
  readonly nth: number;
}

/** Every predicate of a statement. */
export function placesIn(sql: string): Place[] {
  return [...sql.matchAll(PREDICATE)].map((_, nth) => ({ sql, nth }));
}

/** The statement without that predicate. The parameter stays, or it would have no type. */
export function without({ sql, nth }: Place): string {
  let at = 0;
  return sql.replace(PREDICATE, (found) => (at++ === nth ? `${/\$\d+/.exec(found)?.[0]}::text is not null` : found));
}

/** For people: one line, the place marked. */
export function shownPlace({ sql, nth }: Place): string {
  let at = 0;
  const marked = sql.replace(PREDICATE, (found) => (at++ === nth ? `[[${found}]]` : found));
  const line = marked.replace(/\s+/g, ' ').trim();
  const start = line.indexOf('[[');
  return `${line.slice(0, 60)} ... ${line.slice(Math.max(60, start - 60), start + 60)}`;
}

/** A predicate in a source file, and as much SQL around it as the literal it stands in has on its line. */
export interface SourcePredicate {
  readonly file: string;
  readonly sql: string;
}

/**
 * Finds them in the package's sources: what the statements seen at run time must cover. Maintenance is the administrator's,
 * and not of the application.
 */
export async function predicatesInSources(): Promise<SourcePredicate[]> {
  const folder = new URL('../', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !/\.spec\.ts$|^isolation\/|^testing\/|^maintenance\//.test(name),
  );
  const found = await Promise.all(
    files.map(async (file) => {
      const lines = (await readFile(new URL(file, folder), 'utf8')).split('\n');
      const literals = lines.flatMap((line) => line.split(/['`]|\$\{[^}]*\}/));
      return literals.filter((part) => part.match(PREDICATE)).map((sql) => ({ file, sql: sql.trim() }));
    }),
  );
  return found.flat();
}
