import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** `provider` or `provider:model`. */
const choice = <const Name extends string>(...providers: Name[]) =>
  z.string().transform((value, context) => {
    const [provider, ...rest] = value.split(':');
    if (!providers.includes(provider as Name)) {
      context.addIssue({
        code: 'custom',
        message: `is one of ${providers.join(', ')}, with :model after it if you like`,
      });
      return z.NEVER;
    }
    return { provider: provider as Name, model: rest.join(':') || undefined };
  });

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `is a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const isNetwork = (value: string) => {
  const [address = '', prefix = '0', ...rest] = value.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
};

const proxies = z
  .string()
  .transform((value) => value.split(',').map((network) => network.trim()))
  .refine((networks) => networks.every(isNetwork), 'is a list of addresses and networks such as 10.0.0.0/8');

const secret = { secret: true };

/** Every setting there is: its shape, its default, and the line about it in the README. */
export const SETTINGS = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` refuses development secrets and privileged database roles'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('TCP port; 0 takes a free one'),
  HEALTH_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('TCP port for `/health/*` alone, which PORT then does not answer'),
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  TRUSTED_PROXIES: proxies
    .optional()
    .describe('proxies whose X-Forwarded-For names the client: addresses and networks (`10.0.0.0/8`), with commas'),
  PACKHOUSE_DATA: z
    .string()
    .default('.packhouse')
    .describe('folder of the embedded database and of development secrets'),
  DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .meta(secret)
    .describe('PostgreSQL with pgvector instead of the embedded database; in production the role `packhouse_app`'),
  DATABASE_ADMIN_URL: url('postgres:', 'postgresql:')
    .optional()
    .meta(secret)
    .describe('a privileged role, for migrations and for commands that go through all tenants'),
  JWT_SECRET: z
    .string()
    .optional()
    .meta(secret)
    .describe(
      'verifies HS256 tokens; 32 bytes or more in production; made up and kept in PACKHOUSE_DATA in development',
    ),
  JWT_JWKS_URL: url('http:', 'https:')
    .optional()
    .describe('verifies RS256 and ES256 tokens by the keys found there, instead of JWT_SECRET'),
  JWT_ISSUER: z.string().optional().describe('the `iss` a token must carry'),
  JWT_AUDIENCE: z
    .string()
    .optional()
    .describe('the `aud` a token must carry; without it a token that carries one is refused'),
  JWT_TENANT_CLAIM: z.string().default('tenant').describe('the claim that names the tenant'),
  EMBEDDING: choice('hashed', 'huggingface')
    .default({ provider: 'hashed', model: undefined })
    .describe('`hashed` (no model, lexical search alone) or `huggingface[:model]`'),
  EMBEDDING_PREVIOUS: choice('hashed', 'huggingface')
    .optional()
    .describe('what EMBEDDING was, while it is being changed: searches go on by it until the new vectors are built'),
  KEEP_QUESTIONS: z
    .stringbool()
    .default(true)
    .describe('keeps a sample of 200 of each tenant’s questions, to compare a new embedding model by'),
  LLM: choice('extractive', 'openai')
    .default({ provider: 'extractive', model: undefined })
    .describe('`extractive` (no model, quotes the sources) or `openai[:model]`'),
  OPENAI_API_KEY: z.string().optional().meta(secret).describe('key for `openai`'),
  OPENAI_BASE_URL: url('http:', 'https:').optional().describe('any server that speaks the OpenAI API'),
  TOKENS_PER_DAY: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000_000)
    .optional()
    .describe('tokens of `LLM` a tenant may spend on a day of UTC, questions and answers together; unset is no limit'),
  MODEL_DIR: z.string().optional().describe('folder of local models for `huggingface`; with it nothing is downloaded'),
  MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .default(100_000_000)
    .describe('largest file that is accepted, and that is read: the same for APIs and workers'),
  INGESTION_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(0)
    .max(64)
    .optional()
    .describe(
      'files this process ingests at once: 2, or 1 on the embedded database; 0 has an API leave them to apps/worker',
    ),
  DRAIN_DELAY_SECONDS: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(0)
    .describe('after SIGTERM, how long requests are still taken while `/health/ready` says 503, for a load balancer'),
  DRAIN_TIMEOUT_SECONDS: z.coerce
    .number()
    .min(2)
    .max(3_600)
    .default(25)
    .describe('within which SIGTERM ends the process, DRAIN_DELAY_SECONDS included'),
  MAX_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(256)
    .describe(
      'requests answered at once; more are 503 at once, with `retry-after`; of one tenant half as many, more are 429',
    ),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(6_000)
    .describe('requests a tenant may make of one process in a minute, all at once if it likes; 0 is no limit'),
  API_DOCS: z
    .stringbool()
    .optional()
    .describe('shows the API at `/docs`; unset it does so in development and not in production'),
  REQUEST_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600)
    .default(120)
    .describe(
      'longest that a request is worked on once it has arrived; then its work is ended and it is a 504; and longest that a caller may take nothing of an answer, a download of any length',
    ),
});

export type Settings = z.output<typeof SETTINGS> & { readonly production: boolean };
export type SettingName = keyof typeof SETTINGS.shape;
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the settings, a line each. The message is for the person who starts the process. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(`These settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

export const isSecret = (name: SettingName) => SETTINGS.shape[name].meta()?.['secret'] === true;

/** What a process is for. A worker verifies no tokens, so it is not asked for what verifies them. */
export type Task = 'api' | 'worker';

/**
 * Reads every setting from the environment, the only place where that happens.
 *
 * @throws SettingsError that names every setting at fault
 */
export function readSettings(env: Environment = process.env, task: Task = 'api'): Settings {
  const { values, problems } = collect(env);
  const parsed = SETTINGS.safeParse(values);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
    throw new SettingsError(problems);
  }
  const settings = { ...parsed.data, production: parsed.data.NODE_ENV === 'production' };
  problems.push(...contradictions(settings));
  if (task === 'worker') problems.push(...unfitForWork(settings));
  if (settings.production && task === 'api') problems.push(...unfitTokens(settings));
  if (settings.production) problems.push(...unfitDatabase(settings));
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/** A secret may come by file (`JWT_SECRET_FILE`), as container platforms hand them over. Empty is unset. */
function collect(env: Environment) {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of Object.keys(SETTINGS.shape) as SettingName[]) {
    const file = isSecret(name) ? env[`${name}_FILE`] : undefined;
    if (file && env[name]) problems.push(`${name}: is set twice, itself and by ${name}_FILE; keep one`);
    try {
      const value = file ? readFileSync(file, 'utf8').trim() : env[name];
      if (value) values[name] = value;
    } catch (error) {
      problems.push(`${name}_FILE: ${(error as Error).message}`);
    }
  }
  return { values, problems };
}

/** Generated secrets begin so, and production refuses them by it. */
export const DEVELOPMENT_SECRET = 'packhouse-development-';

function contradictions(settings: Settings): string[] {
  const { JWT_SECRET, JWT_JWKS_URL } = settings;
  const problems: string[] = [];
  if (JWT_SECRET && JWT_JWKS_URL)
    problems.push('JWT_SECRET: JWT_JWKS_URL is set too; tokens are verified by one of them');
  if (settings.LLM.provider === 'openai' && !settings.OPENAI_API_KEY && !settings.OPENAI_BASE_URL) {
    problems.push('OPENAI_API_KEY: is needed for LLM=openai (or OPENAI_BASE_URL, for a server that wants none)');
  }
  if (settings.DRAIN_DELAY_SECONDS > settings.DRAIN_TIMEOUT_SECONDS / 2)
    problems.push('DRAIN_DELAY_SECONDS: is at most half of DRAIN_TIMEOUT_SECONDS; the rest is for what is in hand');
  return problems;
}

/** Made for development, out of a manual, or a few characters over and over. */
function isKnown(secret: string): boolean {
  const manuals = /^(a-string-secret-at-least-256-bits-long|your-(256|384|512)-bit-secret)|change[-_ ]?me|example/i;
  return secret.startsWith(DEVELOPMENT_SECRET) || manuals.test(secret) || new Set(secret).size < FEWEST_CHARACTERS;
}

/** Of 32 random hexadecimal digits, one in a million has fewer that differ. */
const FEWEST_CHARACTERS = 8;

function unfitDatabase(settings: Settings): string[] {
  const problems: string[] = [];
  for (const name of ['DATABASE_URL', 'DATABASE_ADMIN_URL'] as const) {
    const password = new URL(settings[name] ?? 'none:').password;
    if (password.startsWith(DEVELOPMENT_SECRET))
      problems.push(`${name}: holds a development password; give the role another`);
  }
  if (!settings.DATABASE_URL)
    problems.push('DATABASE_URL: production needs PostgreSQL; the embedded database does not survive a power cut');
  return problems;
}

function unfitTokens({ JWT_SECRET, JWT_JWKS_URL, JWT_ISSUER, JWT_AUDIENCE }: Settings): string[] {
  const problems: string[] = [];
  if (!JWT_SECRET && !JWT_JWKS_URL) problems.push('JWT_SECRET: production needs it, or JWT_JWKS_URL');
  if (JWT_SECRET && isKnown(JWT_SECRET))
    problems.push('JWT_SECRET: is a secret that others have too; make a new one: openssl rand -base64 32');
  if (JWT_SECRET && Buffer.byteLength(JWT_SECRET) < 32)
    problems.push('JWT_SECRET: production needs 32 bytes or more: openssl rand -base64 32');
  // A key server signs for many services: without both checks another service's token would open this one.
  if (JWT_JWKS_URL && !JWT_ISSUER) problems.push('JWT_ISSUER: production needs it with JWT_JWKS_URL');
  if (JWT_JWKS_URL && !JWT_AUDIENCE) problems.push('JWT_AUDIENCE: production needs it with JWT_JWKS_URL');
  return problems;
}

function unfitForWork({ DATABASE_URL, INGESTION_CONCURRENCY, production }: Settings): string[] {
  const problems: string[] = [];
  if (!DATABASE_URL && !production)
    problems.push('DATABASE_URL: a worker needs PostgreSQL; the embedded database is one process’s alone');
  if (INGESTION_CONCURRENCY === 0) problems.push('INGESTION_CONCURRENCY: 0 leaves a worker nothing to do');
  return problems;
}
