import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const workflows = globSync('.github/workflows/*.yml', { cwd: workspace });
const read = (file: string) => readFileSync(join(workspace, file), 'utf8');

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  'timeout-minutes'?: number;
  permissions?: unknown;
  env?: Record<string, string>;
  services?: Record<string, { image: string }>;
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: unknown;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

const ci = parse(read('.github/workflows/ci.yml')) as Workflow;

/** What GitHub's own parser minds: unknown keys, wrong types, contexts and functions that are not there. */
async function faults(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

describe.each(workflows)('%s', (file) => {
  const text = read(file);
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);

  it("is a workflow to GitHub's own parser", async () => {
    expect(await faults(file, text)).toEqual([]);
  });

  it('pins every action to a commit and says which version that is', () => {
    const used = Array.from(text.matchAll(/uses: (.*)/g), ([, action]) => action);
    expect(used).not.toEqual([]);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('pins every service to a digest and says which version that is', () => {
    const images = jobs.flatMap(({ services = {} }) => Object.values(services).map(({ image }) => image));
    for (const image of images) expect(image).toMatch(/^[\w/-]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}$/);
  });

  it('may read the code and nothing else, and never runs a stranger’s code with more', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(jobs.map(({ permissions }) => permissions)).toEqual(jobs.map(() => undefined));
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(text).not.toMatch(/secrets\./);
    for (const { with: given } of checkouts(jobs)) expect(given).toMatchObject({ 'persist-credentials': false });
  });

  it('puts nothing that a stranger can choose into a shell', () => {
    for (const { run = '' } of jobs.flatMap(({ steps }) => steps)) expect(run).not.toContain('${{');
  });

  it('runs no script of a package that it installs', () => {
    const installs = jobs.flatMap(({ steps }) => steps).filter(({ run }) => /npm (ci|i|install)\b/.test(run ?? ''));
    for (const { run } of installs) expect(run).toBe('npm ci --ignore-scripts');
  });

  it('ends by itself, and where a newer one takes its place', () => {
    for (const job of jobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    expect(workflow.concurrency).toBeDefined();
  });
});

const checkouts = (jobs: Job[]) =>
  jobs.flatMap(({ steps }) => steps).filter(({ uses }) => uses?.startsWith('actions/checkout@'));

describe('the CI workflow', () => {
  const commands = Object.values(ci.jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));

  it.each(['lint', 'typecheck', 'test', 'build', 'image'])('runs %s on what a change affects', (target) => {
    const affected = commands.filter((command) => command.startsWith('npx nx affected -t '));
    expect(affected.some((command) => command.split(' ').includes(target))).toBe(true);
  });

  it('has all the history that affected and release look at', () => {
    for (const { with: given } of checkouts(Object.values(ci.jobs))) expect(given).toMatchObject({ 'fetch-depth': 0 });
  });

  it('tests on PostgreSQL with pgvector', () => {
    const { services, env } = ci.jobs['affected']!;
    expect(services!['postgres']!.image).toMatch(/^pgvector\/pgvector:/);
    expect(env!['TEST_DATABASE_URL']).toMatch(/^postgres:/);
  });

  it('keeps the folder in which Nx keeps what it has done', () => {
    const { cacheDirectory } = JSON.parse(read('nx.json'));
    const kept = ci.jobs['affected']!.steps.find(({ uses }) => uses?.startsWith('actions/cache@'));
    expect(kept?.with?.['path']).toBe(cacheDirectory);
  });

  it('names commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, script] of commands.join('\n').matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty([script!]);
    for (const [, file] of commands.join('\n').matchAll(/(tools\/[\w/-]+)/g)) {
      expect([file, existsSync(join(workspace, file!))]).toEqual([file, true]);
    }
  });
});

describe("GitHub's parser, were the workflow wrong", () => {
  const text = read('.github/workflows/ci.yml');
  it.each([
    ['a key that is none', text.replace('runs-on:', 'runs_on:')],
    ['a context that is none', text.replace('github.workflow', 'gitbub.workflow')],
    ['a job that is none', text.replace('needs: affected', 'needs: effected')],
    ['a permission that is none', text.replace('contents: read', 'contents: raed')],
  ])('says so of %s', async (_, wrong) => {
    expect(wrong).not.toBe(text);
    expect(await faults('wrong.yml', wrong)).not.toEqual([]);
  });
});
