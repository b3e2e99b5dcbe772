import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packhouse } from './testing/packhouse.js';

const env = { PACKHOUSE_DATA: mkdtempSync(join(tmpdir(), 'migrate-')) };

describe('packhouse migrate', () => {
  it('prints every migration and when it ran, as a table and as JSON', async () => {
    const { stdout } = await packhouse(['migrate'], env);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^VERSION {2}NAME +APPLIED$/);
    expect(rows[0]).toMatch(/^ +1 {2}tenants_and_chunks +\d{4}-\d\d-\d\dT/);
    const json = JSON.parse((await packhouse(['migrate', '--status', '--json'], env)).stdout) as object[];
    expect(json).toHaveLength(rows.length);
    expect(json[0]).toMatchObject({ version: 1, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('has help', async () => {
    expect((await packhouse(['migrate', '--help'], env)).stdout).toContain('--status');
  });
});
