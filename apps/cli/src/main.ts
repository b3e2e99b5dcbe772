#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import type { Command } from './command.js';
import { Stopped, stopSignal } from './stop-signal.js';
import { isUsageError } from './usage-error.js';

/** What the help says of a command, and the module that exports it by its name, loaded when it is asked for. */
type Entry = readonly [about: string, load: () => Promise<object>];

const USING: Record<string, Entry> = {
  ingest: ['upload files and folders, and wait until they can be searched', () => import('./ingest.js')],
  search: ['find passages', () => import('./search.js')],
  ask: ['have a question answered from the documents, with citations', () => import('./ask.js')],
  stores: ['list, create and delete vector stores', () => import('./stores.js')],
  files: ['list and delete files, and see how far their ingestion is', () => import('./files.js')],
  usage: ['say what answers cost in tokens, and what is left today', () => import('./usage.js')],
};

const RUNNING: Record<string, Entry> = {
  doctor: ['say what is configured, what can be reached, and how to mend what is wrong', () => import('./doctor.js')],
  token: ['print a token for a tenant', () => import('./token.js')],
  keys: ['make, list and revoke the API keys of a tenant', () => import('./keys.js')],
  tenants: ['suspend a tenant, or let it in again', () => import('./tenants.js')],
  migrate: ['bring the database up to date', () => import('./migrate.js')],
  maintain: ['give large tenants their indexes, and tidy up', () => import('./maintain.js')],
  generations: ['change the embedding model, tenant by tenant', () => import('./generations.js')],
  settings: ['print every setting with its default', () => import('./settings.js')],
};

const COMMANDS = { ...USING, ...RUNNING };

const HELP = `Usage: packhouse COMMAND

${list('With documents, over the API of a running server', USING)}
${list('With a server, by its settings', RUNNING)}
packhouse COMMAND --help tells more, packhouse --version which version this is.

  PACKHOUSE_URL      where the server is (default: http://127.0.0.1:8080)
  PACKHOUSE_TOKEN    a tenant's token; in development one for the tenant "demo" is made with the server's own secret
  NO_COLOR           set to anything, no colours; there are none where the output is no terminal

Results go to stdout, and all else to stderr. Ends with 0, with 1 where something failed, with 2 where the command was
not understood, and with 130 after Ctrl-C.
`;

function list(title: string, commands: Record<string, Entry>): string {
  return `${title}:\n${Object.entries(commands)
    .map(([name, [about]]) => `  ${name.padEnd(11)}  ${about}\n`)
    .join('')}`;
}

const [name = '--help', ...args] = process.argv.slice(2);
// Whoever reads the output, `head` for one, may have had enough of it.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));

if (['--help', '-h', 'help'].includes(name)) process.stdout.write(HELP);
else if (['--version', '-v'].includes(name)) process.stdout.write(`${version()}\n`);
else if (!Object.hasOwn(COMMANDS, name)) fail(`There is no command ${name}. packhouse --help lists them.`, 2);
else await run(COMMANDS[name] as Entry);

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

async function run([, load]: Entry) {
  const signal = stopSignal();
  try {
    const { [name]: command } = (await load()) as Record<string, Command>;
    await command?.(args, signal);
  } catch (error) {
    // However deep what was stopped wrapped it.
    const reason: unknown = signal.reason;
    if (reason instanceof Stopped) fail(reason.message, reason.exitCode);
    else if (isUsageError(error)) fail(`${messageOf(error)}\npackhouse ${name} --help tells more.`, 2);
    else fail(messageOf(error), 1);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(message: string, code: number) {
  process.stderr.write(`packhouse: ${message.trimEnd()}\n`);
  process.exitCode = code;
}
