import { EXIT } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { Place } from './place.js';

/** Under which name agents know our MCP server. */
export const MCP_NAME = 'codewalkers';

/** What starts our MCP server. */
export function mcpWords({ node, cw }: Place): readonly [command: string, ...args: string[]] {
  return [node, cw, 'mcp'];
}

/** Whether an entry of that name is one that `cw connect` has written: words that end with `cw.js mcp`. */
export function isOurEntry(entry: Readonly<Record<string, unknown>>): boolean {
  const words = [entry['command'], entry['args']].flat().filter((word) => typeof word === 'string');
  return words.at(-1) === 'mcp' && /[\\/]cw\.js$/.test(words.at(-2) ?? '');
}

export function foreignEntry(file: string): CliError {
  return new CliError(
    EXIT.notAllowed,
    `${file} has an MCP server ${MCP_NAME} that cw did not write. Rename it first; nothing was written.`,
  );
}
