// The tsconfig.json of the folder we stand in, and its diagnostics on stderr.
import { resolve } from 'node:path';
import ts from 'typescript';

const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: ts.sys.getCurrentDirectory,
  getNewLine: () => '\n',
};

/** Reads ./tsconfig.json with `overrides` of compiler options on top. */
export function project(overrides = {}) {
  const parsed = ts.getParsedCommandLineOfConfigFile(resolve('tsconfig.json'), overrides, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => report([diagnostic]),
  });
  report(parsed.errors);
  return parsed;
}

/** Prints what is wrong and ends the process with 1; silent where nothing is. */
export function report(diagnostics) {
  if (diagnostics.length === 0) return;
  process.stderr.write(ts.formatDiagnosticsWithColorAndContext(diagnostics, host));
  process.exit(1);
}
