export { firstSteps } from './first-steps.js';
export { runProcess, type Running } from './run-process.js';
export { readSettings, SettingsError, type Settings } from './settings/settings.js';
export { settingsTable } from './settings/settings-table.js';
export { startServer, startWorker, type RunningServer } from './start.js';
