import { exec } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeTinyModel } from '@packhouse/embedding/testing';
import { docker, lacking } from './engine.js';
import { ROOT, text } from './files.js';

const IMAGE = 'packhouse:test';
const PROJECT = `packhouse-test-${process.pid}`;
/** Most megabytes, of which Node itself is 127. */
const SIZE = 250;

const env = { PACKHOUSE_IMAGE: IMAGE, PORT: '0' };
const compose = (...args: string[]) =>
  docker(['compose', '-p', PROJECT, '-f', 'deploy/docker/compose.yaml', ...args], env);
/** A command in PostgreSQL's container whose input or output is a file here. */
const redirected = (command: string) =>
  promisify(exec)(`docker compose -p ${PROJECT} -f ${ROOT}deploy/docker/compose.yaml exec -T postgres ${command}`, {
    env: { ...process.env, ...env },
  });
const container = (service: string) => compose('ps', '-q', service);
const inspect = async (service: string, format: string) => docker(['inspect', '-f', format, await container(service)]);
/** A line of JavaScript, run in a service's container. */
const within = (service: string, script: string) => compose('exec', '-T', service, 'node', '-e', script);
const inImage = (...args: string[]) => docker(['run', '--rm', '--read-only', '--cap-drop', 'ALL', ...args]);

interface Client {
  call(path: string, body?: object | FormData): Promise<{ id: string; data: { filename: string }[]; status: string }>;
}

/** Speaks to the API by the port it is published on, which a container gets anew with every start. */
async function client(tenant: string): Promise<Client> {
  const url = `http://${await compose('port', 'api', '8080')}/v1`;
  const token = await compose('exec', '-T', 'api', 'packhouse', 'token', '--tenant', tenant);
  return {
    async call(path, body) {
      const json = body && !(body instanceof FormData);
      const response = await fetch(url + path, {
        headers: {
          authorization: `Bearer ${token}`,
          prefer: 'wait=60',
          ...(json && { 'content-type': 'application/json' }),
        },
        ...(body && { method: 'POST', body: json ? JSON.stringify(body) : (body as FormData) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as never;
    },
  };
}

async function upload({ call }: Client, store: string, name: string, content: string) {
  const form = new FormData();
  form.set('purpose', 'assistants');
  form.set('vector_store_id', store);
  form.set('file', new Blob([content]), name);
  return call('/files', form);
}

const found = async ({ call }: Client, store: string) =>
  (await call(`/vector_stores/${store}/search`, { query: 'harbour lamp' })).data.map(({ filename }) => filename);

const build = async () => void (await docker(['build', '-f', 'deploy/docker/Dockerfile', '-t', IMAGE, '.']));

const lack = lacking();
jest.setTimeout(1_200_000);

(lack ? describe.skip : describe)(`in Docker${lack ? `, skipped because ${lack}` : ''}`, () => {
  beforeAll(async () => {
    await build();
    await compose('up', '--wait');
  });

  afterAll(async () => {
    await compose('down', '--volumes', '--timeout', '5');
  });

  it('one command brings all to healthy, with two workers if wanted', async () => {
    await compose('up', '--wait', '--scale', 'worker=2');
    const services = (await compose('ps', '--format', '{{.Service}} {{.Health}}')).split('\n').sort();
    expect(services).toEqual(['api healthy', 'postgres healthy', 'worker healthy', 'worker healthy']);
    await compose('up', '--wait');
  });

  it('keeps what it acknowledged over a restart, kill -9 and being taken down', async () => {
    const first = await client('acme');
    const { id: store } = await first.call('/vector_stores', { name: 'Manuals' });
    const { status } = await upload(first, store, 'lamp.txt', 'The harbour lamp is lit before sunset.');
    expect(status).toBe('processed');
    expect(await found(first, store)).toEqual(['lamp.txt']);

    await compose('restart', 'api', 'worker');
    await compose('up', '--wait');
    expect(await found(await client('acme'), store)).toEqual(['lamp.txt']);

    await compose('kill', '-s', 'KILL', 'api', 'worker', 'postgres');
    await compose('up', '--wait');
    await upload(await client('acme'), store, 'mole.txt', 'The harbour lamp stands on the mole.');
    await compose('down', '--timeout', '40');
    await compose('up', '--wait');
    const last = await client('acme');
    expect((await found(last, store)).sort()).toEqual(['lamp.txt', 'mole.txt']);
    await expect(found(await client('other'), store)).rejects.toThrow('404');
  });

  it('a process that dies comes back by itself', async () => {
    const id = await container('worker');
    const state = () => docker(['inspect', '-f', '{{.RestartCount}} {{.State.Health.Status}}', id]);
    expect(await state()).toBe('0 healthy');
    // From outside: from within, the kernel shields a container's first process from signals.
    const kill = `process.kill(${await inspect('worker', '{{.State.Pid}}')}, 'SIGKILL')`;
    await docker(['run', '--rm', '--pid', 'host', '--user', '0', IMAGE, 'node', '-e', kill]);
    while ((await state()) !== '1 healthy') await sleep(200);
  });

  it.each(['api', 'worker', 'postgres'])(
    '%s runs without any right, on a file system it cannot write',
    async (service) => {
      const status = await docker([
        'run',
        '--rm',
        '--pid',
        'host',
        IMAGE,
        'node',
        '-e',
        `
      process.stdout.write(require('fs').readFileSync('/proc/${await inspect(service, '{{.State.Pid}}')}/status', 'utf8'))`,
      ]);
      expect(status).toMatch(/^CapEff:\t0{16}$/m);
      expect(status).toMatch(/^CapBnd:\t0{16}$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^Seccomp:\t2$/m);
      expect(status).not.toMatch(/^Uid:.*\b0\b/m);
      expect(await inspect(service, '{{.HostConfig.ReadonlyRootfs}}')).toBe('true');
    },
  );

  it('writes to /tmp and nowhere else', async () => {
    const script = (path: string) =>
      `try { fs.writeFileSync('${path}', ''); console.log('written') } catch (e) { console.log(e.code) }`;
    expect(await within('api', script('/tmp/x'))).toBe('written');
    for (const path of ['/x', '/app/x', '/usr/local/bin/x']) expect(await within('api', script(path))).toBe('EROFS');
    expect(await within('api', script('/run/packhouse/token/x'))).toBe('EROFS');
  });

  it('keeps the key of tokens from the worker, and PostgreSQL from the network outside', async () => {
    expect(await within('worker', `console.log(fs.readdirSync('/run/packhouse/token').length)`)).toBe('0');
    expect(await within('api', `console.log(fs.readdirSync('/run/packhouse/admin').length)`)).toBe('0');
    expect(await inspect('postgres', '{{len .NetworkSettings.Networks}} {{.NetworkSettings.Ports}}')).toMatch(
      /^1 map\[/,
    );
    expect(await docker(['network', 'inspect', '-f', '{{.Internal}}', `${PROJECT}_database`])).toBe('true');
  });

  it.each(['api', 'worker'])(
    '%s ends with 0 soon after a SIGTERM',
    async (service) => {
      await compose('stop', service);
      expect(await docker(['inspect', '-f', '{{.State.ExitCode}}', await compose('ps', '-aq', service)])).toBe('0');
      await compose('up', '--wait');
    },
    120_000,
  );

  it('is restored from a backup into a stack that was made anew, with other secrets', async () => {
    const backup = join(mkdtempSync(join(tmpdir(), 'packhouse-backup-')), 'packhouse.dump');
    const before = await client('restored');
    const { id: store } = await before.call('/vector_stores', { name: 'Manuals' });
    await upload(before, store, 'lamp.txt', 'The harbour lamp is lit before sunset.');
    await redirected(`pg_dump -U postgres -Fc packhouse > ${backup}`);
    await compose('down', '--volumes');
    await compose('up', '--wait');
    await compose('stop', 'api', 'worker');
    await redirected(`pg_restore -U postgres -d postgres --clean --create --exit-on-error < ${backup}`);
    await compose('up', '--wait');
    expect(await found(await client('restored'), store)).toEqual(['lamp.txt']);
  });

  it('has commands for the administrator', async () => {
    expect(await compose('run', '--rm', '-T', 'migrate', 'packhouse', 'migrate', '--status')).not.toContain('pending');
    expect(await compose('run', '--rm', '-T', 'migrate', 'packhouse', 'maintain', '--dry-run')).toContain(
      'nothing to do',
    );
  });
});

(lack ? describe.skip : describe)(`the image${lack ? `, skipped because ${lack}` : ''}`, () => {
  beforeAll(build);

  const everyPackage = `
    const found = fs.globSync('/app/node_modules/**/package.json')
      .map((path) => [path.slice(5, -13), JSON.parse(fs.readFileSync(path, 'utf8'))])
      .filter(([path, { name, version }]) => name && version && path.endsWith('node_modules/' + name));
    console.log(JSON.stringify(found.map(([path, { version }]) => [path, version])));`;

  it('runs as any user', async () => {
    expect(await inImage('--user', '12345:54321', IMAGE, 'packhouse', '--help')).toContain('Usage: packhouse');
  });

  it('refuses to start without secrets', async () => {
    await expect(inImage(IMAGE)).rejects.toThrow('JWT_SECRET: production needs it');
  });

  it('embeds with a Hugging Face model that it is handed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'packhouse-model-'));
    // A folder of its own: that around it is for this user alone.
    await writeTinyModel(join(folder, 'model'));
    const script = `
      import { huggingface } from '/app/libs/adapters/embedding/dist/huggingface.js';
      const embedder = await huggingface({ modelDir: '/tmp/model' });
      const [vector] = await embedder.embed(['lamp'], 'document');
      console.log(vector.length);`;
    const id = await docker(['create', IMAGE, 'node', '--input-type=module', '-e', script]);
    try {
      await docker(['cp', join(folder, 'model'), `${id}:/tmp/model`]);
      expect(await docker(['start', '--attach', id])).toBe('8');
    } finally {
      await docker(['rm', '--force', id]);
    }
  });

  it.each(['sh', 'bash', 'npm', 'npx', 'corepack', 'apt', 'curl', 'env'])('has no %s', async (command) => {
    await expect(inImage(IMAGE, command)).rejects.toThrow('executable file not found');
  });

  it('holds packages of the lock file alone, each in its version', async () => {
    const { packages } = JSON.parse(text('package-lock.json')) as {
      packages: Record<string, { version?: string; link?: true }>;
    };
    const found = JSON.parse(await inImage(IMAGE, 'node', '-e', everyPackage)) as [string, string][];
    const ours = found.filter(([path]) => packages[path]?.link);
    expect(found.length - ours.length).toBeGreaterThan(100);
    for (const [path, version] of found.filter((each) => !ours.includes(each))) {
      expect([path, packages[path]?.version]).toEqual([path, version]);
    }
  });

  it('holds no secret, source, map, test or binary of another platform, and weighs little', async () => {
    const files = (
      await inImage(IMAGE, 'node', '-e', `console.log(fs.globSync('/{app,etc,run,tmp,usr}/**').join('\\n'))`)
    ).split('\n');
    expect(files.length).toBeGreaterThan(1_000);
    const unwanted =
      /\.(ts|map|tsbuildinfo)$|\/\.(npmrc|env|git)|\.spec\.js$|\/(darwin|win32|linuxmusl)|-(darwin|win32)-/;
    expect(files.filter((path) => unwanted.test(path))).toEqual([]);
    const bytes = Number(await docker(['image', 'inspect', '-f', '{{.Size}}', IMAGE]));
    expect(Math.round(bytes / 1e6)).toBeLessThan(SIZE);
  });
});
