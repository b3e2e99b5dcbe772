// Run in the folder that `trim` leaves: looks up what each of our modules imports, now or later, and loads those of the
// libraries with all that they import in turn. What was trimmed too much is missed here, and not first by a request.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The embedded database, which production refuses. */
const ABSENT = /@electric-sql|\/pglite/;
/** Statements, as the compiler writes them a line each, and calls. */
const IMPORTS = /^(?:import|export)\b[^'=()]*'([^']+)';$|\bimport\('([^']+)'\)/gm;
/** What else goes wrong is that a worker's program wants its orders, which is no fault here. */
const MISSING = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ENOENT'];

const faults = [];
const fault = (file, what) => ABSENT.test(`${file} ${what}`) || faults.push(`${file}: ${what}`);

const files = globSync('{apps/*,libs/*,libs/*/*}/dist/**/*.js').map((file) => pathToFileURL(resolve(file)).href);
for (const file of files) {
  const imports = readFileSync(new URL(file), 'utf8').matchAll(IMPORTS);
  for (const [, now, later] of imports) if (!isThere(now ?? later, file)) fault(file, now ?? later);
  // An app's would start it.
  if (file.includes('/apps/')) continue;
  await import(file).catch((error) => MISSING.includes(error.code) && fault(file, error.message));
}
process.stdout.write(`${files.length} modules were looked at\n`);
process.stderr.write(faults.map((each) => `${each}\n`).join(''));
process.exit(files.length > 0 && faults.length === 0 ? 0 : 1);

function isThere(name, importer) {
  try {
    const found = import.meta.resolve(name, importer);
    return !found.startsWith('file:') || existsSync(fileURLToPath(found));
  } catch {
    return false;
  }
}
