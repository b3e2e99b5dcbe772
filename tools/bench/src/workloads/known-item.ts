import type { Question } from '../corpus/questions.js';
import { serve } from '../callers.js';
import { share, short, table } from '../report/format.js';
import { quantile } from '../report/statistics.js';
import { inRounds, ratio, typical, type Figures } from '../rounds.js';
import type { System } from '../systems/system.js';
import { withCorpus } from './loaded.js';
import type { Workload } from './workload.js';

const LIMIT = 10;
const TURN_SECONDS = 30;

/** W3: the text names a code that one chunk holds, among words that many have; the vector is about something else. */
export const knownItem: Workload = (options) =>
  withCorpus(options, 'w3', async (opened, asked) => {
    const systems = opened.map(({ system }) => system);
    const measured = await inRounds(systems, options.rounds, (system) => turn(system, asked));
    const rows = systems.map((system) => {
      const { name } = system;
      return [
        name,
        system.hybrid ? 'yes' : 'none: dense',
        share(typical(measured, name, 'hit@10')),
        short(typical(measured, name, 'dense p50 ms')),
        short(typical(measured, name, 'hybrid p50 ms')),
        ratio(measured, [name, 'hybrid p50 ms'], [name, 'dense p50 ms']),
        ratio(measured, [name, 'hybrid p50 ms'], ['floor', 'hybrid p50 ms']),
      ];
    });
    const head = [
      'system',
      'hybrid',
      'hit@10',
      'dense p50 ms',
      'hybrid p50 ms',
      'hybrid to own dense',
      "to floor's hybrid",
    ];
    return table(head, rows);
  });

/** One caller, who asks each question both ways, so that the two latencies are of the same moment and not of each other's company. */
async function turn(system: System, asked: readonly Question[]): Promise<Figures> {
  let hits = 0;
  const times: Record<'hybrid' | 'dense', number[]> = { hybrid: [], dense: [] };
  const works = asked.map(({ tenant, text, vector, holder }) => async () => {
    const dense = () => system.dense(tenant.name, vector, LIMIT);
    const found = await timed(times.hybrid, () => system.hybrid?.(tenant.name, text, vector, LIMIT) ?? dense());
    if (found.includes(holder)) hits++;
    await timed(times.dense, dense);
  });
  await serve(1, works, TURN_SECONDS);
  return {
    'hit@10': hits / times.hybrid.length,
    'hybrid p50 ms': quantile(times.hybrid, 0.5),
    'dense p50 ms': quantile(times.dense, 0.5),
  };
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  times.push(performance.now() - began);
  return result;
}
