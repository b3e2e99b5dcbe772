import { printParseErrorCode, visit } from 'jsonc-parser';

const MAX_DEPTH = 100;

export interface JsonChecks {
  /** Told of the text's length as it grows; may throw. */
  readonly grown: (length: number) => void;
  readonly fail: (code: 'corrupt' | 'too_large', reason: string) => Error;
}

/** The text of a JSON document, or of one a line. Nothing is built of it: memory is the text's alone. */
export function jsonText(source: string, lines: boolean, checks: JsonChecks): string {
  const text = collector(checks);
  if (!lines) walk(source, 0, text, checks);
  else
    source.split('\n').forEach((line, index) => {
      if (line.trim() === '') return;
      text.block();
      walk(line, index, text, checks);
    });
  return text.joined();
}

/** One container on the way to a value. */
interface Level {
  readonly list: boolean;
  name: string;
}

function walk(source: string, firstLine: number, text: Collector, { fail }: JsonChecks): void {
  const levels: Level[] = [];
  const path = () => levels.flatMap(({ list, name }) => (list ? [] : name)).join(' / ');
  const begin = (list: boolean) => {
    if (levels.length >= MAX_DEPTH) throw fail('too_large', `its values are nested more than ${MAX_DEPTH} deep.`);
    if (levels.at(-1)?.list) text.block();
    levels.push({ list, name: '' });
  };
  const end = () => void levels.pop();
  visit(
    source,
    {
      onObjectBegin: () => begin(false),
      onArrayBegin: () => begin(true),
      onObjectEnd: end,
      onArrayEnd: end,
      onObjectProperty: (name) => void ((levels.at(-1) as Level).name = name),
      onLiteralValue(value: unknown, offset, length) {
        if (value === null || value === '') return;
        const shown = typeof value === 'string' ? value : source.slice(offset, offset + length);
        text.value(path(), shown, levels.at(-1)?.list ?? false);
      },
      onError(code, _offset, _length, line) {
        throw fail('corrupt', `this is not JSON: ${printParseErrorCode(code)} in line ${firstLine + line + 1}.`);
      },
    },
    { allowTrailingComma: true },
  );
}

type Collector = ReturnType<typeof collector>;

function collector({ grown }: JsonChecks) {
  const pieces: string[] = [];
  let length = 0;
  let last: string | undefined;
  const write = (piece: string) => {
    pieces.push(piece);
    grown((length += piece.length));
  };
  return {
    /** What follows is apart from what came before. */
    block() {
      if (last !== undefined) write('\n');
      last = undefined;
    },
    /** Values of one list stand on one line. */
    value(path: string, shown: string, listed: boolean) {
      if (listed && path === last) write(`, ${shown}`);
      else write(`${pieces.length === 0 ? '' : '\n'}${path === '' ? '' : `${path}: `}${shown}`);
      last = listed ? path : '';
    },
    joined: () => pieces.join(''),
  };
}
