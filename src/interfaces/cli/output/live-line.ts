import stringWidth from 'string-width';
import type { Context } from '../context.js';
import { truncate } from './table.js';
import { widthOf } from './terminal-width.js';

/** How often the time that passes is shown anew. */
const REDRAW_MS = 1_000;
const CLEAR = '\r\u001b[2K';

/** One line on stderr that shows how long work stands, as long as somebody looks; nothing where nobody does. */
export interface LiveLine {
  /** Shows the text, which must be harmless and one line, and asks for it again as time passes. */
  show(text: () => string): void;
  clear(): void;
}

const NOBODY_LOOKS: LiveLine = { show: () => undefined, clear: () => undefined };

/** `isWanted`: false where the line would get between other output. */
export function createLiveLine({ environment: { variables } }: Context, isWanted = true): LiveLine {
  const { CI = '', TERM = '' } = variables;
  if (!isWanted || !process.stderr.isTTY || CI !== '' || TERM === 'dumb') return NOBODY_LOOKS;
  let text: (() => string) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let shown = '';

  function draw(): void {
    const next = truncate(text?.() ?? '', widthOf(process.stderr) - 1);
    if (next === shown) return;
    shown = next;
    process.stderr.write(stringWidth(next) === 0 ? CLEAR : CLEAR + next);
  }

  return {
    show(next) {
      text = next;
      timer ??= setInterval(draw, REDRAW_MS).unref();
      draw();
    },
    clear() {
      clearInterval(timer);
      timer = undefined;
      text = undefined;
      draw();
    },
  };
}
