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

/** One caller, so that the two latencies are those of the statements and not of each other's company. */
async function turn(system: System, asked: readonly Question[]): Promise<Figures> {
  const ask = (question: Question) => {
    const { tenant, text, vector } = question;
    return system.hybrid?.(tenant.name, text, vector, LIMIT) ?? system.dense(tenant.name, vector, LIMIT);
  };
  let hits = 0;
  const hybrid = await serve(
    1,
    asked.map((question) => async () => {
      if ((await ask(question)).includes(question.holder)) hits++;
    }),
    TURN_SECONDS,
  );
  const dense = await serve(
    1,
    asked.map(
      ({ tenant, vector }) =>
        async () =>
          void (await system.dense(tenant.name, vector, LIMIT)),
    ),
    TURN_SECONDS,
  );
  return {
    'hit@10': hits / hybrid.times.length,
    'hybrid p50 ms': quantile(hybrid.times, 0.5),
    'hybrid p99 ms': quantile(hybrid.times, 0.99),
    'dense p50 ms': quantile(dense.times, 0.5),
  };
}
