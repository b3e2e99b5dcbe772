export { firstSteps } from './first-steps.js';
export { readSettings, SettingsError, type Settings } from './settings/settings.js';
export { settingsTable } from './settings/settings-table.js';
export { startServer, type RunningServer } from './start.js';
