// Runs a project's specs as native ES modules. Arguments go to Jest: `npm test -w libs/core -- fuse`.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const config = fileURLToPath(new URL('./jest.config.mjs', import.meta.url));
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const args = ['--config', config, '--rootDir', process.cwd(), ...process.argv.slice(2)];

const { status } = spawnSync(process.execPath, [...flags, jest, ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
