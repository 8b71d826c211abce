import { RequestError } from '@agentclientprotocol/sdk';
import type { Turn } from '../../../application/ports/agent-runtime.js';
import type { Timer } from '../../../application/ports/timer.js';
import { type LiveAgent, newSession } from './live-agent.js';
import type { OpenSession } from './mark.js';
import { beginConversation, takeUpConversation } from './open-conversation.js';
import { quote } from './refusal.js';

/** A turn whose conversation is open. */
export interface OpenTurn {
  readonly session: OpenSession;
  /** True when the conversation goes on where it was. */
  readonly resumed: boolean;
  /** Why it began anew; null when nothing is to be said of that. */
  readonly note: string | null;
  readonly prompt: string;
}

/** Opens the conversation of a turn: as it is, or taken up again, or anew with a hand-over. Throws the agent's refusal. */
export async function openTurn(
  { connection, handshake, sessions }: LiveAgent,
  { conversation, workspace, prompt }: Turn,
  timer: Timer,
): Promise<OpenTurn> {
  const { sessionId, providerSessionId } = conversation;
  const open = sessions.get(sessionId);
  if (open !== undefined && (providerSessionId === null || providerSessionId === open.id)) {
    return { session: open, resumed: true, note: null, prompt };
  }
  const begin = async () => newSession(await beginConversation(connection.agent, workspace), workspace);
  if (providerSessionId === null) return { session: await begin(), resumed: false, note: null, prompt };

  let why = 'it cannot take one up';
  try {
    if (await takeUpConversation(connection, handshake, providerSessionId, workspace, timer)) {
      return { session: newSession(providerSessionId, workspace), resumed: true, note: null, prompt };
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { details } = (error.data ?? {}) as { details?: unknown };
    why = quote(typeof details === 'string' ? details : error.message);
  }
  return {
    session: await begin(),
    resumed: false,
    note: `The agent did not take up the earlier conversation (${why}); it begins a new one with a hand-over.`,
    prompt: `${await conversation.handOver()}\n\n${prompt}`,
  };
}
