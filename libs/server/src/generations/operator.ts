import { PackhouseError, type TenantId } from '@packhouse/core';
import {
  asTenant,
  buildGeneration,
  compareGenerations,
  dropGeneration,
  forEachTenant,
  generations,
  openPostgres,
  type Db,
} from '@packhouse/postgres';
import { openDatabase } from '../parts/database.js';
import { openEmbedders, type Embedders } from '../parts/embedder.js';
import { SettingsError, type Settings } from '../settings/settings.js';

/** What an operator may do to a tenant's embedding generations; each says what it found or did, a line each. */
export const GENERATION_COMMANDS = { status, build, compare, switch: switchOver, rollback, drop };

export type GenerationCommand = keyof typeof GENERATION_COMMANDS;

interface Operator {
  readonly db: Db;
  readonly embedders: Embedders;
}

/**
 * Runs a command for one tenant, or for every tenant in turn, each in transactions of its own as the application's role.
 * For the names of all a role is needed that may read the directory: the administrator's.
 *
 * @throws SettingsError where all tenants are meant and no such role is at hand; PackhouseError `conflict` in the end
 *   where tenants failed, each with its line
 */
export async function* runGenerationCommand(
  settings: Settings,
  command: GenerationCommand,
  tenant?: TenantId,
): AsyncGenerator<string> {
  const { db, close } = await openDatabase(settings);
  try {
    const operator = { db, embedders: await openEmbedders(settings) };
    let failed = 0;
    for (const each of tenant ? [tenant] : await allTenants(settings, db)) {
      const lines = await GENERATION_COMMANDS[command](operator, each).catch((error: unknown) => {
        failed += 1;
        return [`failed: ${(error as Error).message}`];
      });
      yield* lines.map((line) => `${each}  ${line}`);
    }
    if (failed > 0) throw new PackhouseError('conflict', `${command} failed for ${failed} tenants; see above.`);
  } finally {
    await close();
  }
}

/** The embedded database's session may become any role. */
async function allTenants({ DATABASE_URL, DATABASE_ADMIN_URL, production }: Settings, db: Db): Promise<TenantId[]> {
  if (!DATABASE_URL) return tenantsOf(db);
  const adminUrl = DATABASE_ADMIN_URL ?? (production ? undefined : DATABASE_URL);
  if (!adminUrl) throw new SettingsError(['DATABASE_ADMIN_URL: is needed to go through all tenants; or name a tenant']);
  const admin = await openPostgres({ url: adminUrl, max: 1 });
  return tenantsOf(admin.db).finally(admin.close);
}

async function tenantsOf(admin: Db): Promise<TenantId[]> {
  return [...(await forEachTenant(admin, async () => undefined)).keys()];
}

function status({ db }: Operator, tenant: TenantId): Promise<string[]> {
  return asTenant(db, tenant, async (tx) => {
    const lines: string[] = [];
    for (const { generation, model, dimensions, state, held } of await generations.list(tx)) {
      const missing = await generations.missing(tx, generation);
      lines.push(`${state}  ${model}  ${dimensions} dimensions  ${missing} missing${held ? `  held: ${held}` : ''}`);
    }
    return lines;
  });
}

async function build({ db, embedders: { current } }: Operator, tenant: TenantId): Promise<string[]> {
  if (!(await activeModel(db, tenant))) return [];
  await buildGeneration(db, tenant, current);
  return [`built  ${current.model}`];
}

async function compare({ db, embedders }: Operator, tenant: TenantId): Promise<string[]> {
  const { current: to } = embedders;
  const active = await activeModel(db, tenant);
  if (!active || active === to.model) return ['nothing to compare: EMBEDDING names the active model'];
  const from = embedders.named(active);
  if (!from) return [`cannot be compared: ${active} is not open; name it in EMBEDDING_PREVIOUS`];
  const { questions, overlap, items, hitRate } = await compareGenerations(db, tenant, { from, to });
  return [
    `${active} -> ${to.model}`,
    `overlap@10  ${shown(overlap)}  of ${questions} questions`,
    `hit@10  ${shown(hitRate.from)} -> ${shown(hitRate.to)}  of ${items} known items`,
  ];
}

async function switchOver({ db, embedders }: Operator, tenant: TenantId): Promise<string[]> {
  const { model } = embedders.current;
  const active = await activeModel(db, tenant);
  if (!active || active === model) return [];
  await asTenant(db, tenant, (tx) => generations.switch(tx, model));
  return [`switched  ${active} -> ${model}`];
}

async function rollback({ db }: Operator, tenant: TenantId): Promise<string[]> {
  const { from, to, missing } = await asTenant(db, tenant, (tx) => generations.rollback(tx));
  return [`rolled back  ${from} -> ${to}  ${missing} missing`];
}

async function drop({ db }: Operator, tenant: TenantId): Promise<string[]> {
  const all = await asTenant(db, tenant, (tx) => generations.list(tx));
  const retired = all.filter(({ state }) => state === 'retired');
  for (const { model } of retired) await dropGeneration(db, tenant, model);
  return retired.map(({ model }) => `dropped  ${model}`);
}

async function activeModel(db: Db, tenant: TenantId): Promise<string | undefined> {
  const all = await asTenant(db, tenant, (tx) => generations.list(tx));
  return all.find(({ state }) => state === 'active')?.model;
}

const shown = (share: number | null) => share?.toFixed(2) ?? '-';
