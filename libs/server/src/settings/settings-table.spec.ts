import { readFileSync } from 'node:fs';
import { SETTINGS } from './settings.js';
import { settingsTable } from './settings-table.js';

const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');

describe('the table of settings', () => {
  it('has a line for each, with words', () => {
    const lines = settingsTable().split('\n').slice(2);
    expect(lines).toHaveLength(Object.keys(SETTINGS.shape).length);
    for (const line of lines) expect(line).toMatch(/^\| `[A-Z_]+`( or `[A-Z_]+_FILE`)? \| (`.+`)? ?\| \S.+ \|$/);
  });

  it('is the one in the README; `npm run -s packhouse -- settings` prints it anew', () => {
    expect(readme).toContain(settingsTable());
  });
});
