import { EXIT, type ExitCode } from '../../exit-codes.js';
import { type Context, createContext } from './context.js';

/** What a command does once its words are parsed. It answers with its exit code and throws when it cannot. */
export type Action<Words extends unknown[]> = (context: Context, ...words: Words) => Promise<ExitCode>;

/** Turns an action into what commander calls. */
export type Run = <Words extends unknown[]>(
  action: Action<Words>,
  options?: { readonly handlesSignals?: boolean },
) => (...words: Words) => Promise<void>;

/** Runs actions one at a time and reports the exit code of each. */
export function createRun(report: (code: ExitCode) => void): Run {
  return (action, { handlesSignals = false } = {}) =>
    async (...words) => {
      const context = createContext(report);
      if (handlesSignals) report(await action(context, ...words));
      else report(await Promise.race([action(context, ...words), interruption(context)]));
    };
}

/** Settles when the user presses Ctrl-C: whatever the command is at, it ends, and its process with it. */
function interruption(context: Context): Promise<ExitCode> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => {
      // The terminal has shown ^C, and maybe a line of progress before it.
      const gap = process.stderr.isTTY ? '\n' : '';
      if (context.interruptNote !== undefined) process.stderr.write(`${gap}${context.interruptNote}\n`);
      resolve(EXIT.interrupted);
    });
  });
}
