import { nearestChunks } from '../corpus/nearest-chunks.js';
import type { Question } from '../corpus/questions.js';
import { serve } from '../callers.js';
import { share, short, table } from '../report/format.js';
import { mean, quantile } from '../report/statistics.js';
import { inRounds, ratio, typical, type Figures } from '../rounds.js';
import { CALLERS, type System } from '../systems/system.js';
import { withCorpus } from './loaded.js';
import type { Workload } from './workload.js';

const LIMIT = 10;
/** How often the questions are asked in one turn; a system that is slower than the bound answers fewer. */
const REPEATS = 4;
const TURN_SECONDS = 15;

/** Tenants by size, in chunks from this on. */
const BANDS = [5_000, 1_000, 200, 0];

type Answers = Map<Question, readonly string[]>;

/** W2: a tenant's ten nearest, eight callers at once. */
export const dense: Workload = (options) =>
  withCorpus(options, 'w2', async (opened, asked) => {
    const systems = opened.map(({ system }) => system);
    const answers = new Map<string, Answers>(systems.map(({ name }) => [name, new Map()]));
    const measured = await inRounds(systems, options.rounds, (system) =>
      turn(system, asked, answers.get(system.name) as Answers),
    );
    const speed = systems.map(({ name }) => [
      name,
      short(typical(measured, name, 'QPS')),
      ratio(measured, [name, 'QPS'], ['floor', 'QPS']),
      short(typical(measured, name, 'p50 ms')),
      short(typical(measured, name, 'p99 ms')),
    ]);
    const truth = nearestChunks(asked, LIMIT);
    const recalls = systems.map(({ name }) => [name, ...recallRow(asked, truth, answers.get(name) as Answers)]);
    return [
      table(['system', 'QPS', 'to floor', 'p50 ms', 'p99 ms'], speed),
      table(['recall@10', ...BANDS.map((from) => `≥ ${from} chunks`), 'on topic', 'off topic', 'short lists'], recalls),
    ].join('\n\n');
  });

async function turn(system: System, asked: readonly Question[], answers: Answers): Promise<Figures> {
  const works = Array.from({ length: REPEATS }, () => asked)
    .flat()
    .map((question) => async () => {
      answers.set(question, await system.dense(question.tenant.name, question.vector, LIMIT));
    });
  const { times, seconds } = await serve(CALLERS, works, TURN_SECONDS);
  return { QPS: times.length / seconds, 'p50 ms': quantile(times, 0.5), 'p99 ms': quantile(times, 0.99) };
}

function recallRow(asked: readonly Question[], truth: readonly (readonly string[])[], answers: Answers): string[] {
  const answered = asked.flatMap((question, at) => {
    const found = answers.get(question);
    return found ? [{ question, found, recall: recallOf(found, truth[at] as string[]) }] : [];
  });
  const over = (belongs: (question: Question) => boolean) =>
    share(mean(answered.filter(({ question }) => belongs(question)).map(({ recall }) => recall)));
  const short = answered.filter(({ question, found }) => found.length < Math.min(LIMIT, question.tenant.chunks));
  return [
    ...BANDS.map((from, at) =>
      over(({ tenant }) => tenant.chunks >= from && tenant.chunks < (BANDS[at - 1] ?? Infinity)),
    ),
    over(({ onTopic }) => onTopic),
    over(({ onTopic }) => !onTopic),
    `${short.length} of ${answered.length}`,
  ];
}

function recallOf(found: readonly string[], truth: readonly string[]): number {
  return truth.filter((id) => found.includes(id)).length / truth.length;
}
