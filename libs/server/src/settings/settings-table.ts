import { isSecret, SETTINGS, type SettingName } from './settings.js';

/** The settings as a Markdown table, as the README shows it. */
export function settingsTable(): string {
  const rows = (Object.keys(SETTINGS.shape) as SettingName[]).map(
    (name) =>
      `| \`${name}\`${isSecret(name) ? ` or \`${name}_FILE\`` : ''} | ${defaultOf(name)} | ${SETTINGS.shape[name].description} |`,
  );
  return ['| Setting | Default | |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(name: SettingName): string {
  const { data, success } = SETTINGS.shape[name].safeParse(undefined);
  if (!success || data === undefined) return '';
  return `\`${typeof data === 'object' && 'provider' in data ? data.provider : data}\``;
}
