import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';

const STDIN = 0;

/** Whether somebody can be asked. What is printed as JSON is for a program, which answers nothing. */
export function canAsk(json: boolean | undefined): boolean {
  return json !== true && isatty(STDIN);
}

/** Asks on the terminal; anything but a yes is a no. */
export async function confirms(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
