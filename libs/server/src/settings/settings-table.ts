import { isSecret, SETTINGS, type SettingName } from './settings.js';

export interface DescribedSetting {
  readonly name: SettingName;
  /** As it is written in the environment; null for none. */
  readonly default: string | null;
  /** May come by file: `NAME_FILE`. */
  readonly secret: boolean;
  readonly description: string;
}

export function describedSettings(): DescribedSetting[] {
  return (Object.keys(SETTINGS.shape) as SettingName[]).map((name) => ({
    name,
    default: defaultOf(name),
    secret: isSecret(name),
    description: SETTINGS.shape[name].description ?? '',
  }));
}

/** The settings as a Markdown table, as the README shows it. */
export function settingsTable(): string {
  const rows = describedSettings().map(({ name, secret, description, ...setting }) => {
    const shown = setting.default === null ? '' : `\`${setting.default}\``;
    return `| \`${name}\`${secret ? ` or \`${name}_FILE\`` : ''} | ${shown} | ${description} |`;
  });
  return ['| Setting | Default | |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(name: SettingName): string | null {
  const { data, success } = SETTINGS.shape[name].safeParse(undefined);
  if (!success || data === undefined) return null;
  return String(typeof data === 'object' && 'provider' in data ? data.provider : data);
}
