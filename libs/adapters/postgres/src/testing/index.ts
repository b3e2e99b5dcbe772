export { APP_PASSWORD, copyDatabase } from './copy-database.js';
export { prepareFolder } from './prepared-folder.js';
