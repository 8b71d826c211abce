import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Timer } from '../../../application/ports/timer.js';
import { createTurnReader } from './turn-reader.js';

/** Longest wait for a first word of a turn whose prompt may have been sent just before the server died, in milliseconds. */
const FIRST_WORD_MS = 2_000;

/**
 * Looks at what an agent wrote since its turn began. `begun` is false when there is nothing; `decided` holds the tool
 * calls that have a result, and the requests that were taken back.
 */
export async function readBack(
  process: AgentProcess,
  from: number,
  timer: Timer,
): Promise<{ readonly begun: boolean; readonly decided: ReadonlySet<string> }> {
  const until = await process.size();
  const decided = new Set<string>();
  const reader = createTurnReader();
  const reading = new AbortController();
  const callOff = timer(FIRST_WORD_MS, () => reading.abort());
  let begun = false;
  try {
    for await (const { message, end } of process.messages(from, reading.signal)) {
      begun = true;
      for (const update of reader.read(message).updates) {
        if (update.type === 'tool_result') decided.add(update.toolUseId);
        if (update.type === 'permission_over') decided.add(update.requestId);
      }
      if (end >= until) break;
    }
  } finally {
    callOff();
  }
  return { begun, decided };
}
