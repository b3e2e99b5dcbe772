import { styleText } from 'node:util';

/** How far many things are: a bar on a terminal, now and then a line anywhere else. */
export interface Progress {
  /** One more is done. */
  advance(name: string): void;
  /** Prints a line that stays. */
  note(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** What is needed of `process.stderr`. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const WIDTH = 24;
const PLAIN_EVERY_MS = 10_000;
/** To the beginning of the line, and all of it away. */
const CLEAR = '\r\u001b[K';

export function progress(total: number, screen: Screen = process.stderr): Progress {
  return screen.isTTY && process.env['TERM'] !== 'dumb' ? bar(total, screen) : lines(total, screen);
}

function bar(total: number, screen: Screen): Progress {
  let done = 0;
  let current = '';
  const draw = () => {
    const filled = Math.round((done / total) * WIDTH);
    const [full, rest] = ['█'.repeat(filled), '░'.repeat(WIDTH - filled)];
    const words = `${done}/${total}  ${current}`;
    const room = Math.max((screen.columns ?? 80) - WIDTH - 3, 0);
    screen.write(
      `${CLEAR}${styleText('green', full, STDERR)}${styleText('dim', rest, STDERR)}  ${words.slice(0, room)}`,
    );
  };
  draw();
  return {
    advance(name) {
      done += 1;
      current = name;
      draw();
    },
    note(line) {
      screen.write(`${CLEAR}${line}\n`);
      draw();
    },
    end: () => void screen.write(CLEAR),
  };
}

const STDERR = { stream: process.stderr };

function lines(total: number, screen: Screen): Progress {
  let done = 0;
  let last = Date.now();
  return {
    advance() {
      done += 1;
      if (Date.now() - last < PLAIN_EVERY_MS) return;
      last = Date.now();
      screen.write(`${done} of ${total} files\n`);
    },
    note: (line) => void screen.write(`${line}\n`),
    end: () => undefined,
  };
}
