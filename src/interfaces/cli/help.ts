import type { Command } from 'commander';

/** What every command that prints data takes. */
export interface JsonOption {
  readonly json?: true;
}

/** Adds `--json`, which makes stdout fit for a program. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON for programs on stdout, and nothing else there');
}

/** Ends the help of a command with an example of its use. */
export function withExample(command: Command, ...lines: string[]): Command {
  const title = lines.length === 1 ? 'Example' : 'Examples';
  return command.addHelpText('after', ['', `${title}:`, ...lines.map((line) => `  $ ${line}`)].join('\n'));
}
