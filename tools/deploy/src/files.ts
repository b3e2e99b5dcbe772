import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export const text = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');
export const exists = (path: string) => existsSync(`${ROOT}${path}`);
