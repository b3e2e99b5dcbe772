import { isSecret, SETTINGS, type SettingName } from '@packhouse/server/settings';
import { parse } from 'yaml';
import { exists, text } from './files.js';

interface Service {
  readonly image: string;
  readonly build?: { readonly dockerfile: string };
  readonly command: readonly string[];
  readonly user?: string;
  readonly restart: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly privileged?: boolean;
  readonly tmpfs: readonly string[];
  readonly mem_limit: string;
  readonly pids_limit: number;
  readonly logging: { readonly options: Record<string, string> };
  readonly healthcheck: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly stop_grace_period?: string;
  readonly environment?: Record<string, string | number>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Record<string, { readonly condition: string }>;
}

interface Compose {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { readonly internal?: boolean }>;
  readonly volumes: Record<string, object>;
}

const { services, networks, volumes } = parse(text('deploy/docker/compose.yaml'), { merge: true }) as Compose;
const OURS = '${PACKHOUSE_IMAGE:-packhouse:local}';
const every = Object.entries(services);
const ours = every.filter(([, { image }]) => image === OURS);
const lasting = every.filter(([, { restart }]) => restart !== 'no');

describe('compose.yaml', () => {
  it('has the API, the worker, the migrations and PostgreSQL', () => {
    expect(Object.keys(services)).toEqual(expect.arrayContaining(['api', 'worker', 'migrate', 'postgres']));
  });

  it.each(every)('gives %s no right that it does not need', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      pids_limit: expect.any(Number),
      restart: expect.stringMatching(/^(unless-stopped|no)$/),
    });
    expect(service.tmpfs.some((mount) => mount.startsWith('/tmp:size='))).toBe(true);
    expect(service).not.toHaveProperty('cap_add');
    expect(service.privileged ?? false).toBe(false);
    expect(service.user ?? 'of the image').not.toMatch(/^(0|root)\b/);
  });

  it.each(every)('pins the image of %s to a version, or builds it', (_name, { image }) => {
    const built = every.some(([, other]) => other.image === image && exists(other.build?.dockerfile ?? 'none'));
    if (!built) expect(image).toMatch(/:\d+\.\d+\.\d+[\w.-]*$/);
  });

  it.each(ours)('has %s run a command that is in the image', (_name, { command }) => {
    expect(exists(`deploy/docker/bin/${command[0]}`)).toBe(true);
  });

  it.each(ours)('names settings that there are to %s, and hands over secrets as files it has', (_name, service) => {
    const secrets = text('deploy/docker/bin/make-secrets');
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      const setting = name.replace(/_FILE$/, '') as SettingName;
      expect(Object.keys(SETTINGS.shape)).toContain(setting);
      expect({ name, isFile: name !== setting }).toEqual({ name, isFile: isSecret(setting) });
      if (name === setting) continue;
      const [, folder, file] = /\/run\/packhouse\/(\w+)\/([\w-]+)/.exec(String(value)) ?? [];
      expect(service.volumes).toContain(`${folder}-secrets:/run/packhouse/${folder}:ro`);
      expect(secrets).toContain(`'${folder}/${file}'`);
    }
  });

  it('keeps the key of tokens from the worker, and the administrator’s password from all who serve', () => {
    const readers = (volume: string) =>
      every.filter(([, service]) => service.volumes?.some((each) => each.startsWith(volume))).map(([name]) => name);
    expect(readers('admin-secrets').sort()).toEqual(['migrate', 'postgres', 'secrets']);
    expect(readers('token-secrets').sort()).toEqual(['api', 'migrate', 'secrets']);
  });

  it.each(lasting)('says when %s is healthy, and starts it after what it needs', (_name, service) => {
    expect(service.healthcheck.test?.length).toBeGreaterThan(1);
    const conditions = Object.entries(service.depends_on ?? {});
    expect(conditions).not.toEqual([]);
    for (const [other, { condition }] of conditions) {
      const ends = services[other]?.restart === 'no';
      expect(condition).toBe(ends ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it('waits longer for a process to stop than the process does', () => {
    const drain = SETTINGS.shape.DRAIN_TIMEOUT_SECONDS.parse(undefined);
    for (const name of ['api', 'worker']) {
      expect(Number(/^(\d+)s$/.exec(services[name]?.stop_grace_period ?? '')?.[1])).toBeGreaterThan(drain);
    }
  });

  it('lets PostgreSQL be reached by its own network alone, and the API by this machine', () => {
    expect(networks['database']).toEqual({ internal: true });
    expect(services['postgres']?.networks).toEqual(['database']);
    const ports = every.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:${PORT:-8080}:8080']);
  });

  it('declares every volume and network that it mounts', () => {
    const mounted = every.flatMap(([, service]) => (service.volumes ?? []).map((each) => each.split(':')[0]));
    expect(new Set(mounted)).toEqual(new Set(Object.keys(volumes)));
    expect(new Set(every.flatMap(([, service]) => service.networks ?? []))).toEqual(new Set(Object.keys(networks)));
  });
});
