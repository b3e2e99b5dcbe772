import { random, shuffled } from './corpus/random.js';
import { short } from './report/format.js';
import { median } from './report/statistics.js';

/** What one turn measured, by name. */
export type Figures = Readonly<Record<string, number>>;

/** Every system's figures, one a round. */
export type Measured = ReadonlyMap<string, readonly Figures[]>;

/** What takes turns. */
export interface Named {
  readonly name: string;
}

/** Lets the systems take turns, in an order of chance in each round, so that what slows the machine slows all alike. */
export async function inRounds<System extends Named>(
  systems: readonly System[],
  rounds: number,
  measure: (system: System, round: number) => Promise<Figures>,
): Promise<Measured> {
  const next = random(Date.now());
  const measured = new Map<string, Figures[]>(systems.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const system of shuffled(systems, next)) {
      const figures = await measure(system, round);
      measured.get(system.name)?.push(figures);
      process.stderr.write(`  ${round + 1}/${rounds} ${system.name}: ${described(figures)}\n`);
    }
  }
  return measured;
}

/** The median of a figure over the rounds. */
export function typical(measured: Measured, system: string, figure: string): number {
  return median(valuesOf(measured, system, figure));
}

/** The median of a figure's ratio to another's in the same round, and in brackets the least and the greatest. */
export function ratio(measured: Measured, [system, figure]: [string, string], [base, other]: [string, string]): string {
  const below = valuesOf(measured, base, other);
  const ratios = valuesOf(measured, system, figure).map((value, round) => value / (below[round] as number));
  return `${short(median(ratios))} (${short(Math.min(...ratios))}–${short(Math.max(...ratios))})`;
}

function valuesOf(measured: Measured, system: string, figure: string): number[] {
  return (measured.get(system) ?? []).map((figures) => figures[figure] ?? NaN);
}

function described(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join(', ');
}
