import type { Command } from 'commander';
import type { JsonOption } from '../help.js';

/** Which part of a list to show. */
export interface ListOptions extends JsonOption {
  readonly limit: string;
  readonly cursor?: string;
}

/** Shown unless the user asks for more: what fits a terminal with some scrolling. */
const DEFAULT_LIMIT = '50';

/** Adds `--limit` and `--cursor` to a command that lists. */
export function withPaging(command: Command): Command {
  return command
    .option('--limit <n>', 'how many to show, from 1 to 10000', DEFAULT_LIMIT)
    .option('--cursor <id>', 'go on after this one: nextCursor of a list before');
}
