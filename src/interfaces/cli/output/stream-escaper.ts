import { escapeControls } from './escape-controls.js';

/** How a stream of output is made harmless, piece by piece. */
export interface StreamEscaper {
  /** What may be printed of all that came so far; the start of a sequence that is cut off waits for the next piece. */
  write(piece: string): string;
  /** What is left, and the colours put back. */
  end(): string;
}

const ESC = '\u001b';
const RESET = `${ESC}[0m`;
/** How colours and the like (SGR) begin: parameters are digits, `;` and `:`, and no real one has more than 32 of them. */
const COLOUR_START = `${ESC}(?:\\[[\\d;:]{0,32})?`;
const COLOUR = new RegExp(`^${ESC}\\[[\\d;:]{0,32}m$`);
/** What may still become a colour when the next piece comes. */
const UNFINISHED_COLOUR = new RegExp(`${COLOUR_START}$`);
/** What may pass stands in parts of its own. */
const PARTS = new RegExp(`(\n|\t|\r|${ESC}\\[[\\d;:]{0,32}m)`);

/**
 * Escapes the controls in a stream except line feed, tab and carriage return. With `colours`, for a terminal that shows
 * them, colour sequences pass.
 */
export function createStreamEscaper(colours: boolean): StreamEscaper {
  let held = '';
  let coloured = false;

  function escape(text: string): string {
    let escaped = '';
    for (const part of text.split(PARTS)) {
      if (part === '\n' || part === '\t' || part === '\r') escaped += part;
      else if (colours && COLOUR.test(part)) {
        coloured = true;
        escaped += part;
      } else escaped += escapeControls(part);
    }
    return escaped;
  }

  return {
    write(piece) {
      const text = held + piece;
      const cut = colours ? text.search(UNFINISHED_COLOUR) : -1;
      held = cut < 0 ? '' : text.slice(cut);
      return escape(cut < 0 ? text : text.slice(0, cut));
    },
    end() {
      const rest = escape(held);
      held = '';
      return coloured ? rest + RESET : rest;
    },
  };
}
