import type { Timestamp } from '../../../domain/shared/timestamp.js';

/** A line of opencode's log about a call of its model that failed; calls for titles (`small`) are of no importance. */
const LINE =
  /^timestamp=(\S+) level=ERROR .*message="stream error" .*session\.id=(\S+) small=false .*error\.error=("(?:[^"\\]|\\.)*"|\S+)/;

/**
 * What the model last refused a conversation with, as opencode's log has it, if that was at this moment or later; null when
 * there is nothing of the kind. opencode asks its model again and again, without end where it is a limit or the model's
 * own fault, and tells that to its log alone.
 */
export function lastModelError(log: string, sessionId: string, since: Timestamp): string | null {
  for (const line of log.split('\n').reverse()) {
    const [, at = '', session, said = ''] = LINE.exec(line) ?? [];
    if (session === sessionId && Date.parse(at) >= since) return unquoted(said);
  }
  return null;
}

function unquoted(said: string): string {
  return said.startsWith('"') ? said.slice(1, -1).replaceAll(/\\(.)/g, '$1') : said;
}
