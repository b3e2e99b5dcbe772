import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** @param signal fires when the person at the keyboard wants it to end */
export type Command = (args: string[], signal: AbortSignal) => void | Promise<void>;

interface Definition<Options extends ParseArgsOptionsConfig> {
  /** Printed for `--help`, which every command has. */
  readonly help: string;
  readonly options?: Options;
  /** Whether words may be given beside options. @default false */
  readonly takesWords?: boolean;
  run(input: Input<Options>, signal: AbortSignal): void | Promise<void>;
}

export interface Input<Options extends ParseArgsOptionsConfig> {
  readonly values: ReturnType<typeof parseArgs<{ options: Options }>>['values'];
  readonly words: readonly string[];
}

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** A command that reads its arguments as all others do. Bad ones are a usage error. */
export function command<const Options extends ParseArgsOptionsConfig = Record<never, never>>({
  help,
  options,
  takesWords: allowPositionals = false,
  run,
}: Definition<Options>): Command {
  return (args, signal) => {
    const { values, positionals } = parseArgs({ args, allowPositionals, options: { ...options, ...HELP } });
    if (values.help) return void process.stdout.write(help);
    return run({ values: values as Input<Options>['values'], words: positionals }, signal);
  };
}
