import {
  isSecret,
  readSettings,
  SETTINGS,
  SettingsError,
  type Environment,
  type SettingName,
} from '../settings/settings.js';
import type { Finding } from './finding.js';

/** The settings that are not left at their defaults, and all that is wrong with them. */
export function settingsFindings(env: Environment = process.env): Finding[] {
  const findings: Finding[] = [];
  for (const name of Object.keys(SETTINGS.shape) as SettingName[]) {
    const file = isSecret(name) ? env[`${name}_FILE`] : undefined;
    if (file) findings.push(ok(`${name}_FILE=${file}`));
    if (env[name]) findings.push(ok(`${name}=${shown(name, env[name])}`));
  }
  if (findings.length === 0) findings.push(ok('all at their defaults: packhouse settings'));
  return [...findings, ...faults(env)];
}

const ok = (found: string): Finding => ({ area: 'settings', state: 'ok', found });

/** Of a URL all but password and query, in which either may be one; of other secrets nothing. */
function shown(name: SettingName, value: string): string {
  const url = /:\/\//.test(value) ? URL.parse(value) : null;
  if (!url) return isSecret(name) ? '***' : value;
  const { protocol, username, password, host, pathname, search } = url;
  const login = username || password ? `${username}${password && ':***'}@` : '';
  return `${protocol}//${login}${host}${pathname}${search && '?***'}`;
}

function faults(env: Environment): Finding[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map((found) => ({ area: 'settings', state: 'fault', found }));
  }
}
