import { z } from 'zod';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { Mark } from './mark.js';
import { type Received, received } from './received.js';

/** A line that an agent has begun and does not end is waited for no longer, in milliseconds. */
const HALF_LINE_MS = 2_000;
/** What only an agent that works on a prompt tells. */
const WORKS = new Set([
  'agent_message_chunk',
  'agent_thought_chunk',
  'tool_call',
  'tool_call_update',
  'plan',
  'usage_update',
]);
/** What an agent does not tell while it waits for leave. */
const WENT_ON = new Set(['agent_message_chunk', 'agent_thought_chunk']);
const Body = z.object({
  sessionUpdate: z.string(),
  toolCallId: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
});
const Asked = z.object({ toolCall: z.object({ toolCallId: z.string() }) });

/** What the output of a turn shows that was under way when its server died. */
export interface ReadBack {
  /** False when there is no sign that the prompt was ever heard, and it did not reach the agent either. */
  readonly begun: boolean;
  /** Leave that was asked for and answered, by the names of `Permissions`. */
  readonly answered: ReadonlySet<string>;
}

/** Reads a turn's output as far as it goes now. */
export async function readBack(
  process: AgentProcess,
  { from, sent, promptId, session }: Mark,
  nameOf: (id: string | number) => string,
  timer: Timer,
): Promise<ReadBack> {
  const size = await process.size();
  const asked = new Map<string, string | null>();
  const answered = new Set<string>();
  let begun = process.sent() > sent;

  function settle(which: (toolCallId: string | null) => boolean): void {
    for (const [name, toolCallId] of asked) {
      if (!which(toolCallId)) continue;
      asked.delete(name);
      answered.add(name);
    }
  }

  function look(message: Received): void {
    if (message.kind === 'permission' && message.sessionId === session.id) {
      begun = true;
      const name = nameOf(message.id);
      // The same id anew is a new question.
      answered.delete(name);
      asked.set(name, Asked.safeParse(message.params).data?.toolCall.toolCallId ?? null);
    }
    if (message.kind === 'response' && message.id === promptId) {
      begun = true;
      settle(() => true);
    }
    if (message.kind !== 'update' || message.sessionId !== session.id) return;
    const { success, data } = Body.safeParse(message.update);
    if (!success) return;
    if (WORKS.has(data.sessionUpdate)) begun = true;
    if (WENT_ON.has(data.sessionUpdate)) settle(() => true);
    if (data.status === 'completed' || data.status === 'failed') settle((id) => id === data.toolCallId);
  }

  if (size > from) {
    const enough = new AbortController();
    let callOff = timer(HALF_LINE_MS, () => enough.abort());
    for await (const { message, end } of process.messages(from, enough.signal)) {
      callOff();
      look(received(message));
      if (end >= size) break;
      callOff = timer(HALF_LINE_MS, () => enough.abort());
    }
    callOff();
  }
  return { begun, answered };
}
