export { scriptedOpenAI, type ScriptedOpenAI } from '@packhouse/llm/testing';
export { balancer, type Balancer } from './balancer.js';
export { killApps, spawnApp, until, type AppProcess } from './processes.js';
export { clientOf, environment, onPostgres, prepared, SERVER, startOn, testBeds, tokenFor, type TestBed } from './servers.js';
export { storedContent, type StoredContent } from './stored-content.js';
