import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError, type Environment, type Task } from './settings.js';

const problems = (env: Environment, task?: Task): readonly string[] => {
  try {
    readSettings(env, task);
    return [];
  } catch (error) {
    return (error as SettingsError).problems;
  }
};
const names = (env: Environment, task?: Task) => problems(env, task).map((problem) => problem.split(':')[0]);

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: 'bGlnaHRob3VzZSBrZWVwZXJzIGFyZSBhd2FrZQ',
  DATABASE_URL: 'postgres://packhouse_app@db/app',
};

describe('settings', () => {
  it('have a default for everything development needs', () => {
    expect(readSettings({})).toMatchObject({
      PORT: 8080,
      HOST: '127.0.0.1',
      PACKHOUSE_DATA: '.packhouse',
      JWT_TENANT_CLAIM: 'tenant',
      EMBEDDING: { provider: 'hashed' },
      LLM: { provider: 'extractive' },
      production: false,
    });
  });

  it('take a provider with its model, which may hold colons', () => {
    const { LLM, EMBEDDING } = readSettings({
      LLM: 'openai:llama3:8b',
      OPENAI_BASE_URL: 'http://localhost:11434/v1',
      EMBEDDING: 'huggingface:Xenova/bge-small-en-v1.5',
    });
    expect([LLM.model, EMBEDDING.model]).toEqual(['llama3:8b', 'Xenova/bge-small-en-v1.5']);
  });

  it('read a secret from a file, without its last line break', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'secret');
    writeFileSync(file, 'from a file\n');
    expect(readSettings({ JWT_SECRET_FILE: file }).JWT_SECRET).toBe('from a file');
    expect(names({ JWT_SECRET_FILE: file, JWT_SECRET: 'too' })).toEqual(['JWT_SECRET']);
  });

  it('name a secret file that is not there', () => {
    expect(names({ OPENAI_API_KEY_FILE: '/nowhere/key' })).toEqual(['OPENAI_API_KEY_FILE']);
  });

  it('are refused all at once', () => {
    expect(names({ PORT: '99999', DATABASE_URL: 'mysql://x', LLM: 'magic' })).toEqual(['PORT', 'DATABASE_URL', 'LLM']);
  });

  it.each([
    [{ JWT_SECRET: 'a', JWT_JWKS_URL: 'https://keys' }, ['JWT_SECRET']],
    [{ LLM: 'openai' }, ['OPENAI_API_KEY']],
    [{ NODE_ENV: 'production' }, ['JWT_SECRET', 'DATABASE_URL']],
    [{ ...PRODUCTION, JWT_SECRET: 'short' }, ['JWT_SECRET']],
    [{ ...PRODUCTION, JWT_SECRET: `packhouse-development-${'x'.repeat(43)}` }, ['JWT_SECRET']],
    [{ ...PRODUCTION, JWT_SECRET: 'x'.repeat(64) }, ['JWT_SECRET']],
    [{ ...PRODUCTION, JWT_SECRET: 'a-string-secret-at-least-256-bits-long' }, ['JWT_SECRET']],
    [{ ...PRODUCTION, JWT_SECRET: 'please-change-me-before-production-1234' }, ['JWT_SECRET']],
    [{ ...PRODUCTION, JWT_SECRET: '' }, ['JWT_SECRET']],
    [{ ...PRODUCTION, JWT_SECRET: '', AUTH: 'off', AUTH_DISABLED: 'true', JWT_ALGORITHMS: 'none' }, ['JWT_SECRET']],
    [{ TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,127.0.0.1' }, []],
    [{ TRUSTED_PROXIES: 'true' }, ['TRUSTED_PROXIES']],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, ['TRUSTED_PROXIES']],
    [{ TRUSTED_PROXIES: '10.0.0.0/8,*' }, ['TRUSTED_PROXIES']],
    [{ ...PRODUCTION, JWT_SECRET: '', JWT_JWKS_URL: 'https://keys' }, ['JWT_ISSUER', 'JWT_AUDIENCE']],
    [{ ...PRODUCTION, DATABASE_URL: 'postgres://packhouse_app:packhouse-development-x@db/app' }, ['DATABASE_URL']],
    [{ TOKENS_PER_DAY: '1000000' }, []],
    [{ TOKENS_PER_DAY: '0' }, ['TOKENS_PER_DAY']],
    [{ TOKENS_PER_DAY: 'many' }, ['TOKENS_PER_DAY']],
    [{ NODE_ENV: 'prod' }, ['NODE_ENV']],
    [PRODUCTION, []],
  ])('%j are refused for %j', (env, expected) => {
    expect([...new Set(names(env))]).toEqual(expected);
  });

  it('leave at least half of the time to stop for what is in hand', () => {
    expect(names({ DRAIN_DELAY_SECONDS: '15' })).toEqual(['DRAIN_DELAY_SECONDS']);
    expect(names({ DRAIN_DELAY_SECONDS: '15', DRAIN_TIMEOUT_SECONDS: '30' })).toEqual([]);
  });

  it('of a worker name PostgreSQL and some work, and nothing that verifies tokens', () => {
    const { JWT_SECRET: _, ...production } = PRODUCTION;
    expect(names(production, 'worker')).toEqual([]);
    expect(names({}, 'worker')).toEqual(['DATABASE_URL']);
    expect(names({ NODE_ENV: 'production', INGESTION_CONCURRENCY: '0' }, 'worker')).toEqual([
      'INGESTION_CONCURRENCY',
      'DATABASE_URL',
    ]);
  });
});
