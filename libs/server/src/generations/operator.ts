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

/** Something that was found or done: in words, a line each, and as what a program reads. */
export interface GenerationFinding {
  readonly lines: readonly string[];
  readonly about: Readonly<Record<string, unknown>>;
}

const finding = (about: GenerationFinding['about'], ...lines: string[]): GenerationFinding => ({ lines, about });

/** What an operator may do to a tenant's embedding generations. */
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
 *   where tenants failed, each with its finding
 */
export async function* runGenerationCommand(
  settings: Settings,
  command: GenerationCommand,
  tenant?: TenantId,
): AsyncGenerator<GenerationFinding> {
  const { db, close } = await openDatabase(settings);
  try {
    const operator = { db, embedders: await openEmbedders(settings) };
    let failed = 0;
    for (const each of tenant ? [tenant] : await allTenants(settings, db)) {
      const findings = await GENERATION_COMMANDS[command](operator, each).catch(({ message }: Error) => {
        failed += 1;
        return [finding({ error: message }, `failed: ${message}`)];
      });
      for (const { lines, about } of findings) {
        yield { lines: lines.map((line) => `${each}  ${line}`), about: { tenant: each, ...about } };
      }
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

function status({ db }: Operator, tenant: TenantId): Promise<GenerationFinding[]> {
  return asTenant(db, tenant, async (tx) => {
    const findings: GenerationFinding[] = [];
    for (const each of await generations.list(tx)) {
      const { model, dimensions, state, held } = each;
      const missing = await generations.missing(tx, each.generation);
      const words = `${state}  ${model}  ${dimensions} dimensions  ${missing} missing${held ? `  held: ${held}` : ''}`;
      findings.push(finding({ ...each, missing }, words));
    }
    return findings;
  });
}

async function build({ db, embedders: { current } }: Operator, tenant: TenantId): Promise<GenerationFinding[]> {
  if (!(await activeModel(db, tenant))) return [];
  await buildGeneration(db, tenant, current);
  return [finding({ built: current.model }, `built  ${current.model}`)];
}

async function compare({ db, embedders }: Operator, tenant: TenantId): Promise<GenerationFinding[]> {
  const { current: to } = embedders;
  const active = await activeModel(db, tenant);
  if (!active || active === to.model) return [uncompared('nothing to compare: EMBEDDING names the active model')];
  const from = embedders.named(active);
  if (!from) return [uncompared(`cannot be compared: ${active} is not open; name it in EMBEDDING_PREVIOUS`)];
  const comparison = await compareGenerations(db, tenant, { from, to });
  const { questions, overlap, items, hitRate } = comparison;
  return [
    finding(
      { from: active, to: to.model, ...comparison },
      `${active} -> ${to.model}`,
      `overlap@10  ${shown(overlap)}  of ${questions} questions`,
      `hit@10  ${shown(hitRate.from)} -> ${shown(hitRate.to)}  of ${items} known items`,
    ),
  ];
}

async function switchOver({ db, embedders }: Operator, tenant: TenantId): Promise<GenerationFinding[]> {
  const { model } = embedders.current;
  const active = await activeModel(db, tenant);
  if (!active || active === model) return [];
  await asTenant(db, tenant, (tx) => generations.switch(tx, model));
  return [finding({ from: active, to: model }, `switched  ${active} -> ${model}`)];
}

async function rollback({ db }: Operator, tenant: TenantId): Promise<GenerationFinding[]> {
  const { from, to, missing } = await asTenant(db, tenant, (tx) => generations.rollback(tx));
  return [finding({ from, to, missing }, `rolled back  ${from} -> ${to}  ${missing} missing`)];
}

async function drop({ db }: Operator, tenant: TenantId): Promise<GenerationFinding[]> {
  const all = await asTenant(db, tenant, (tx) => generations.list(tx));
  const retired = all.filter(({ state }) => state === 'retired');
  for (const { model } of retired) await dropGeneration(db, tenant, model);
  return retired.map(({ model }) => finding({ dropped: model }, `dropped  ${model}`));
}

async function activeModel(db: Db, tenant: TenantId): Promise<string | undefined> {
  const all = await asTenant(db, tenant, (tx) => generations.list(tx));
  return all.find(({ state }) => state === 'active')?.model;
}

const uncompared = (reason: string) => finding({ uncompared: reason }, reason);

const shown = (share: number | null) => share?.toFixed(2) ?? '-';
