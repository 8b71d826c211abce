import { z } from 'zod';
import type { Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { RpcError } from './received.js';

/** A conversation that Codex has open. */
export interface Thread {
  readonly id: string;
  readonly model: string | null;
  readonly version: string | null;
}

/** What came back for a request; null when the process ended before it answered. */
export type Answer = { readonly result: unknown; readonly error: RpcError | null } | null;
/** Sends a request and reads on, telling what else comes, until its answer is there. */
export type Call = (method: string, params: unknown) => AsyncGenerator<AgentUpdate, Answer>;

const Opened = z.object({
  thread: z.object({ id: z.string(), cliVersion: z.string().nullish().catch(null) }),
  model: z.string().nullish().catch(null),
});

/** An opened conversation and how the prompt has to begin, or why there is none; null when the process ended. */
export type Opening = { readonly thread: Thread; readonly resumed: boolean; readonly lead: string } | string | null;

/**
 * Opens the turn's conversation: the one that `open` says is open already, the one that it is taken up from, or a new one.
 * `policy` is what a conversation begins with.
 */
export async function* openThread(
  call: Call,
  { conversation, workspace }: Turn,
  open: Thread | null,
  policy: object,
): AsyncGenerator<AgentUpdate, Opening> {
  const wanted = conversation.providerSessionId;
  if (wanted !== null && open?.id === wanted) return { thread: open, resumed: true, lead: '' };
  // One that is left would be kept in memory for good.
  if (open !== null) yield* call('thread/unsubscribe', { threadId: open.id });

  let lead = '';
  if (wanted !== null) {
    const answer = yield* call('thread/resume', { threadId: wanted, cwd: workspace, excludeTurns: true, ...policy });
    if (answer === null) return null;
    const thread = threadOf(answer);
    if (thread !== null) return { thread, resumed: true, lead };
    const why = answer.error?.message ?? 'it gave no conversation back';
    const message = `Codex does not take the conversation up again (${why}); a new one begins with a hand-over`;
    yield { type: 'progress', message, fraction: null };
    lead = `${await conversation.handOver()}\n\n`;
  }
  const answer = yield* call('thread/start', { cwd: workspace, ...policy });
  if (answer === null) return null;
  const thread = threadOf(answer);
  if (thread !== null) return { thread, resumed: false, lead };
  return `Codex opens no conversation: ${answer.error?.message ?? 'it gave none back'}.`;
}

function threadOf({ result, error }: NonNullable<Answer>): Thread | null {
  const { success, data } = Opened.safeParse(result);
  if (error !== null || !success) return null;
  return { id: data.thread.id, model: data.model ?? null, version: data.thread.cliVersion ?? null };
}
