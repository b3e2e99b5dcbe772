import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testTimeout: 60_000,
  // One a core, though another project's run beside them: tests wait a good deal, for deadlines, processes and databases.
  maxWorkers: '100%',
  passWithNoTests: false,
  cacheDirectory: here('../../node_modules/.cache/jest'),
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: here('./environment.cjs'),
  resolver: here('./resolver.cjs'),
  setupFiles: [here('./globals.mjs')],
  // Workspace libraries are read from source: a test needs no build.
  testEnvironmentOptions: { customExportConditions: ['@packhouse/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
          keepClassNames: true,
        },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
};
