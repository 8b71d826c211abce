import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { Mark } from './mark.js';
import { Message } from './messages.js';
import { createTurnReader } from './turn-reader.js';

/** A line that an agent has begun and does not end is waited for no longer, in milliseconds. */
const HALF_LINE_MS = 2_000;

/** What a turn shows that was under way when its server died. */
export interface ReadBack {
  /** False when the prompt was surely not sent, or nothing shows that it was. */
  readonly begun: boolean;
  /** Calls that have a result, and requests that were taken back. */
  readonly decided: ReadonlySet<string>;
}

/** Looks at what an agent was sent and wrote since its turn began. */
export async function readBack(process: AgentProcess, { from, sent }: Mark, timer: Timer): Promise<ReadBack> {
  const until = await process.size();
  const decided = new Set<string>();
  let worked = false;
  if (until > from) {
    const reader = createTurnReader();
    const enough = new AbortController();
    let callOff = timer(HALF_LINE_MS, () => enough.abort());
    for await (const { message, end } of process.messages(from, enough.signal)) {
      callOff();
      worked ||= isWork(message);
      for (const update of reader.read(message).updates) {
        if (update.type === 'tool_result') decided.add(update.toolUseId);
        if (update.type === 'permission_over') decided.add(update.requestId);
      }
      if (end >= until) break;
      callOff = timer(HALF_LINE_MS, () => enough.abort());
    }
    callOff();
  }
  // The prompt is the first line after the mark. One that has ended does not count its lines any more.
  const isCounted = process.sent() >= sent;
  return { begun: isCounted ? process.sent() > sent : worked, decided };
}

/** Whether only an agent that works on a prompt says this: late words of the turn before are no sign. */
function isWork(message: unknown): boolean {
  const { type, subtype } = Message.safeParse(message).data ?? {};
  return type === 'assistant' || (type === 'system' && subtype === 'init');
}
