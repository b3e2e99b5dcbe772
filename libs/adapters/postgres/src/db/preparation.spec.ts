import { preparation } from './preparation.js';

const refused = (code: string) => Object.assign(new Error(code), { code });

describe('preparation', () => {
  it.each(['26000', '42P05', '0A000'])(
    'runs a statement without its name where that is refused (%s), and from then on',
    async (code) => {
      const { attempt } = preparation();
      const tried: string[] = [];
      const run = () =>
        attempt(
          async (name) => {
            tried.push(name('select 1'));
            throw refused(code);
          },
          async () => 'rows',
        );
      expect(await run()).toBe('rows');
      expect(await run()).toBe('rows');
      expect(tried).toHaveLength(1);
    },
  );

  it('repeats nothing that failed otherwise', async () => {
    const { attempt } = preparation();
    const otherwise = jest.fn(async () => 'rows');
    await expect(attempt(async () => Promise.reject(refused('22012')), otherwise)).rejects.toThrow('22012');
    expect(otherwise).not.toHaveBeenCalled();
    expect(await attempt(async () => 'prepared', otherwise)).toBe('prepared');
  });

  it('names a text by what it says', async () => {
    const nameOf = (sql: string) =>
      preparation().attempt(
        async (name) => name(sql),
        async () => '',
      );
    expect(await nameOf('select 1')).toBe(await nameOf('select 1'));
    expect(await nameOf('select 1')).not.toBe(await nameOf('select 2'));
    // PostgreSQL cuts longer ones.
    expect((await nameOf('select 1')).length).toBeLessThan(64);
  });
});
