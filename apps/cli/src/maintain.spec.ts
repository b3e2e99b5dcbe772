import { packhouse } from './testing/packhouse.js';

describe('packhouse maintain', () => {
  it('has nothing to do for the embedded database', async () => {
    expect((await packhouse(['maintain'], {})).stdout).toBe('The embedded database needs no maintenance.\n');
  });

  it.each([
    [['--threshold', '10'], 'The threshold is a whole number of 20000 or more'],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j is refused', async (args, message) => {
    const url = { DATABASE_URL: 'postgres://packhouse@127.0.0.1:1/none' };
    await expect(packhouse(['maintain', ...args], url)).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('has help', async () => {
    expect((await packhouse(['maintain', '--help'], {})).stdout).toContain('--dry-run');
  });
});
