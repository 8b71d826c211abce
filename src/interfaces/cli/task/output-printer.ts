import type { Output } from '../../../application/task/watch-output.js';
import { toJson } from '../output/json.js';
import { createStreamEscaper } from '../output/stream-escaper.js';
import type { Terminal } from '../terminal.js';

/** Prints the output of a task as it comes. */
export interface OutputPrinter {
  print(piece: Output): void;
  /** The output has ended. */
  end(): void;
}

/**
 * For people: harmless on a terminal, colours only where colours are shown. For programs (`json`): each piece as a
 * document, in one line.
 */
export function createOutputPrinter({ isTerminal, showsColours }: Terminal, json: boolean): OutputPrinter {
  if (json) {
    return {
      print: ({ taskId, epoch, offset, text }) => {
        process.stdout.write(`${toJson({ type: 'output', taskId, epoch, offset, text })}\n`);
      },
      end: () => undefined,
    };
  }
  const escaper = createStreamEscaper(showsColours);
  let last = '\n';

  function write(text: string): void {
    if (text === '') return;
    process.stdout.write(text);
    last = text;
  }

  return {
    print: ({ text }) => write(escaper.write(text)),
    end: () => {
      const lineIsOpen = !last.endsWith('\n');
      write(escaper.end());
      // Else what is said next would stand on the same line.
      if (lineIsOpen && isTerminal) write('\n');
    },
  };
}
