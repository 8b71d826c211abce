import { isatty } from 'node:tty';
import type { Context } from './context.js';
import { type Colours, createColours, wantsColours } from './output/colours.js';
import { toJson } from './output/json.js';
import { widthOf } from './output/terminal-width.js';

const STDOUT = 1;

/** Where a command prints: data on stdout, messages for people on stderr if stdout is for a program. */
export interface Terminal {
  readonly colours: Colours;
  /** True if stdout is a terminal. */
  readonly isTerminal: boolean;
  /** True if that terminal shows colours, so that those of an output may pass. */
  readonly showsColours: boolean;
  /** Cells in a line of stdout; undefined if it is no terminal, and nothing need be cut. */
  readonly width: number | undefined;
  /** Prints what the user asked for, with a line break. */
  readonly print: (text: string) => void;
  /** Prints a document for programs, in one line. */
  readonly printJson: (document: unknown) => void;
  /** Says something to people, beside the data: on stderr. */
  readonly note: (text: string) => void;
}

/** The terminal, or pipe, that this process was started with. */
export function createTerminal({ environment: { variables } }: Context): Terminal {
  const isTerminal = isatty(STDOUT);
  return {
    colours: createColours({ variables, isTerminal }),
    isTerminal,
    showsColours: isTerminal && wantsColours({ variables, isTerminal }),
    width: isTerminal ? widthOf(process.stdout) : undefined,
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
