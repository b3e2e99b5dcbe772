// Emits a project's dist/ from its src/ without the specs. Run inside the project's folder.
import { rmSync } from 'node:fs';
import ts from 'typescript';
import { project, report } from './project.mjs';

const { options, fileNames } = project();
rmSync(options.outDir, { recursive: true, force: true });
const program = ts.createProgram(
  fileNames.filter((file) => !file.endsWith('.spec.ts')),
  options,
);
const { diagnostics } = program.emit();
report([...ts.getPreEmitDiagnostics(program), ...diagnostics]);
