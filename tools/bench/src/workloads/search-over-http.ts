import { Agent } from 'node:http';
import { serve } from '../callers.js';
import { benchTenants } from '../corpus/corpus.js';
import { questions, type Question } from '../corpus/questions.js';
import { share, short, table } from '../report/format.js';
import { mean, quantile } from '../report/statistics.js';
import { inRounds, ratio, typical, type Figures } from '../rounds.js';
import { postJson } from '../servers/post-json.js';
import { bareApis, llamaIndexApi, ourApis, type SearchApi, type Serving } from '../servers/search-apis.js';
import { start } from '../servers/server-process.js';
import { tokenOf } from '../servers/tenant-token.js';
import { freshDatabase } from '../systems/databases.js';
import { llamaindex } from '../systems/llamaindex.js';
import type { Workload } from './workload.js';

const CONNECTIONS = 32;
/** Short, so that what slows the machine for some seconds slows all alike. */
const TURN_SECONDS = 2;
const TURNS_A_ROUND = 5;
const QUESTIONS = 300;
/** How often the questions are there to be asked: more than a turn has time for. */
const REPEATS = 200;

type Found = Map<Question, readonly string[]>;

/** W6: a search over HTTP, 32 connections. Every server verifies a token and embeds the question by the same code. */
export const searchOverHttp: Workload = async ({ serverUrl, chunks, tenants: count, rounds, kinds }) => {
  const tenants = benchTenants(chunks, count);
  const asked = questions(tenants, QUESTIONS);
  const closing: (() => Promise<void>)[] = [];
  const database = async (name: string) => {
    const { url, drop } = await freshDatabase(serverUrl, `bench_w6_${name}`);
    closing.unshift(drop);
    return url;
  };
  const serving: Serving = async (program) => {
    const server = await start(program);
    closing.unshift(() => server.stop());
    return server;
  };
  try {
    const apis = [
      ...(await bareApis(await database('floor'), tenants, serving)),
      ...(await ourApis(await database('packhouse'), tenants, serving)),
      ...(kinds.includes(llamaindex) ? [await llamaIndexApi(await database('llamaindex'), tenants, serving)] : []),
    ].map((api) => ({ ...api, system: api.name, name: `${api.name}, ${api.way}` }));
    const found = new Map<string, Found>(apis.map(({ name }) => [name, new Map()]));
    // A process is compiled as it serves: each is to be measured as it then goes on.
    await inRounds(apis, TURNS_A_ROUND, (api) => turn(api, asked, new Map()));
    const measured = await inRounds(apis, rounds * TURNS_A_ROUND, (api) => turn(api, asked, found.get(api.name)!));
    const peer = apis.find(({ system }) => system === 'NestJS and LlamaIndex.TS');
    const rows = apis.map(({ name, way }) => {
      const bare = `bare Fastify, ${way}`;
      return [
        name,
        short(typical(measured, name, 'requests/s')),
        ratio(measured, [name, 'requests/s'], [bare, 'requests/s']),
        ...(peer ? [ratio(measured, [name, 'requests/s'], [peer.name, 'requests/s'])] : []),
        short(typical(measured, name, 'p50 ms')),
        short(typical(measured, name, 'p99 ms')),
        short(typical(measured, name, 'MB')),
        share(agreement(found.get(name)!, found.get(bare)!)),
      ];
    });
    const ratios = ['to bare', ...(peer ? ['to LlamaIndex.TS'] : [])];
    return table(['server', 'requests/s', ...ratios, 'p50 ms', 'p99 ms', 'MB', 'hits as bare'], rows);
  } finally {
    for (const close of closing) await close();
  }
};

async function turn(api: SearchApi, asked: readonly Question[], found: Found): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const tokens = new Map(asked.map(({ tenant: { name } }) => [name, tokenOf(name)]));
  const works = Array.from({ length: REPEATS }, () => asked)
    .flat()
    .map((question) => async () => {
      const { name } = question.tenant;
      const url = `${api.server.url}${api.path(name)}`;
      const page = await postJson<Page>(agent, url, tokens.get(name)!, api.body(question.text));
      found.set(
        question,
        page.data.map(({ chunk_id }) => chunk_id),
      );
    });
  const { times, seconds } = await serve(CONNECTIONS, works, TURN_SECONDS);
  agent.destroy();
  return {
    'requests/s': times.length / seconds,
    'p50 ms': quantile(times, 0.5),
    'p99 ms': quantile(times, 0.99),
    MB: api.server.residentMb(),
  };
}

interface Page {
  readonly data: readonly { readonly chunk_id: string }[];
}

/** The share of the bare server's hits that another gave too. */
function agreement(found: Found, bare: Found): number {
  const both = [...found].filter(([question]) => (bare.get(question)?.length ?? 0) > 0);
  return mean(
    both.map(([question, ids]) => {
      const expected = bare.get(question)!;
      return expected.filter((id) => ids.includes(id)).length / expected.length;
    }),
  );
}
