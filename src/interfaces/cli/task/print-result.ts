import type { TaskResult } from '../../../domain/task/task.js';
import { createStreamEscaper } from '../output/stream-escaper.js';
import type { Terminal } from '../terminal.js';

/** Prints the text that a task gave, harmless on a terminal and ending its last line. */
export function printResult(terminal: Terminal, { text }: TaskResult): void {
  if (text === '') return;
  const escaper = createStreamEscaper(terminal.showsColours);
  terminal.print(escaper.write(text.replace(/\r?\n$/, '')) + escaper.end());
}
