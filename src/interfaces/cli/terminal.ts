import { isatty } from 'node:tty';
import type { Context } from './context.js';
import { type Colours, createColours, wantsColours } from './output/colours.js';
import { toJson } from './output/json.js';

const STDOUT = 1;
/** Columns of a terminal that does not tell. */
const USUAL_WIDTH = 80;

/** Where a command prints: data on stdout, messages for people on stderr if stdout is for a program. */
export interface Terminal {
  readonly colours: Colours;
  /** True if colours are shown on stdout. */
  readonly coloured: boolean;
  /** Cells in a line of stdout; undefined if it is no terminal, and nothing need be cut. */
  readonly width: number | undefined;
  /** Prints what the user asked for, with a line break. */
  readonly print: (text: string) => void;
  /** Prints a document for programs, in one line. */
  readonly printJson: (document: unknown) => void;
  /** Says something to people, beside the data: on stderr. */
  readonly note: (text: string) => void;
}

export function createTerminal({ environment: { variables } }: Context): Terminal {
  const isTerminal = isatty(STDOUT);
  return {
    colours: createColours({ variables, isTerminal }),
    coloured: wantsColours({ variables, isTerminal }),
    width: isTerminal ? process.stdout.columns || USUAL_WIDTH : undefined,
    print: (text) => {
      process.stdout.write(`${text}\n`);
    },
    printJson: (document) => {
      process.stdout.write(`${toJson(document)}\n`);
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
}
