// Checks a project's sources and specs, with the workspace's libraries read from source: nothing needs to be built first.
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { project, report } from './project.mjs';

const workspace = fileURLToPath(new URL('../../', import.meta.url));
const { options, fileNames } = project({
  noEmit: true,
  customConditions: ['@packhouse/source'],
  rootDir: workspace,
});
report(ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options)));
