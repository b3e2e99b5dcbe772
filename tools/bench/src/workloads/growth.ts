import { mkdirSync, writeFileSync } from 'node:fs';
import { benchTenants, type BenchTenant } from '../corpus/corpus.js';
import { questions, type Question } from '../corpus/questions.js';
import { serve } from '../callers.js';
import { short, table } from '../report/format.js';
import { plot, type Series } from '../report/plot.js';
import { quantile } from '../report/statistics.js';
import { inRounds, typical } from '../rounds.js';
import type { Opened } from '../systems/databases.js';
import type { System } from '../systems/system.js';
import { load } from './loaded.js';
import type { Workload, WorkloadOptions } from './workload.js';
import { withSystems } from './with-systems.js';

const CHUNKS = [10_000, 30_000, 100_000, 300_000, 1_000_000];
const TENANTS = [1, 10, 100, 1_000];
const DOCUMENT = 500;
const QUESTIONS = 200;
const FOLDER = new URL('../../results/', import.meta.url);

type Searches = Readonly<Record<string, (system: System, question: Question) => Promise<string[]> | undefined>>;

const SEARCHES: Searches = {
  dense: (system, { tenant, vector }) => system.dense(tenant.name, vector, 10),
  hybrid: (system, { tenant, text, vector }) => system.hybrid?.(tenant.name, text, vector, 10),
};

/** p50 at one caller, as a store's chunks grow and as its tenants do. Questions come as the chunks lie. */
export const growth: Workload = async (options) => {
  const ownAndFloor = {
    ...options,
    kinds: options.kinds.filter(({ name }) => name === 'floor' || name === 'packhouse'),
  };
  const sizes = CHUNKS.filter((each) => each <= options.most);
  const byChunks = await followed(ownAndFloor, sizes, (chunks) => benchTenants(chunks, options.tenants));
  const byTenants = await followed(ownAndFloor, TENANTS, (count) => benchTenants(options.chunks, count));
  draw('growth-chunks', `p50 by chunks, ${options.tenants} tenants`, 'chunks', byChunks);
  draw('growth-tenants', `p50 by tenants, ${options.chunks} chunks`, 'tenants', byTenants);
  return [
    `![p50 by chunks](results/growth-chunks.svg)`,
    tableOf(byChunks, 'chunks'),
    `![p50 by tenants](results/growth-tenants.svg)`,
    tableOf(byTenants, 'tenants'),
  ].join('\n\n');
};

/** A fresh database for each: what is added to a tenant that has an index goes into that one by one, and takes its time. */
async function followed(
  options: WorkloadOptions,
  xs: readonly number[],
  tenantsAt: (x: number) => readonly BenchTenant[],
): Promise<Series[]> {
  let lines: Line[] = [];
  for (const x of xs) {
    await withSystems(options, `growth_${x}`, async (opened) => {
      lines = lines.length > 0 ? lines : linesOf(opened);
      const tenants = tenantsAt(x);
      for (const each of opened) await load(each, tenants, DOCUMENT);
      await addPoints(lines, opened, options.rounds, x, tenants);
    });
  }
  return lines;
}

interface Line extends Series {
  readonly points: [number, number][];
}

function linesOf(opened: readonly Opened[]): Line[] {
  const names = opened.flatMap(({ system }) => Object.keys(SEARCHES).map((search) => `${system.name} ${search}`));
  return names.map((name) => ({ name, points: [] }));
}

async function addPoints(
  lines: readonly Line[],
  opened: readonly Opened[],
  rounds: number,
  x: number,
  tenants: readonly BenchTenant[],
): Promise<void> {
  const asked = questions(tenants, QUESTIONS);
  const systems = opened.map(({ system }) => system);
  const measured = await inRounds(systems, rounds, async (system) => {
    const figures: Record<string, number> = {};
    for (const [name, search] of Object.entries(SEARCHES)) {
      const works = asked.map((question) => async () => void (await search(system, question)));
      figures[`${system.name} ${name}`] = quantile((await serve(1, works)).times, 0.5);
    }
    return figures;
  });
  for (const { name, points } of lines) points.push([x, typical(measured, name.split(' ')[0] as string, name)]);
}

function draw(file: string, title: string, x: string, series: readonly Series[]): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(`${file}.svg`, FOLDER), plot({ title, x, y: 'p50, ms' }, series));
}

function tableOf(series: readonly Series[], x: string): string {
  const xs = series[0]?.points.map(([value]) => value) ?? [];
  const rows = xs.map((value, at) => [
    value.toLocaleString('en-US'),
    ...series.map(({ points }) => short(points[at]?.[1])),
  ]);
  return table([`p50 ms by ${x}`, ...series.map(({ name }) => name)], rows);
}
