import type { Settings } from '../settings/settings.js';
import { databaseFindings } from './database-findings.js';
import { diskFindings } from './disk-findings.js';
import type { Finding } from './finding.js';
import { modelFindings } from './model-findings.js';

export type { Finding } from './finding.js';
export { settingsFindings } from './settings-findings.js';

/** Looks at all that a server with these settings needs, one after another. Fails of nothing that is wrong. */
export async function* diagnose(settings: Settings, signal: AbortSignal): AsyncGenerator<Finding> {
  yield* databaseFindings(settings, signal);
  signal.throwIfAborted();
  yield* modelFindings(settings, signal);
  yield* await diskFindings(settings);
}
