/**
 * Agents that do not name their turns: what a hook tells of gets a name from its delivery, what a transcript tells of
 * one from its line. So both may tell of the same prompt under two names.
 */
const OF_HOOK = 'hook:';
const OF_LINE = 'line:';

export function hookTurn(delivery: string): string {
  return `${OF_HOOK}${delivery}`;
}

export function lineTurn(line: string): string {
  return `${OF_LINE}${line}`;
}

/** Who named the turn; a prompt of no name came by a hook. */
export function namedBy(turn: string | null): 'agent' | 'hook' | 'transcript' {
  if (turn === null || turn.startsWith(OF_HOOK)) return 'hook';
  return turn.startsWith(OF_LINE) ? 'transcript' : 'agent';
}
