import { methods } from '@agentclientprotocol/sdk';
import type { AcpConnection } from './acp-connection.js';
import type { Handshake, OpenSession } from './mark.js';
import { NO_USAGE } from './usage.js';

/** Conversations that one process keeps open; over it the one that was used longest ago is closed. */
const MAX_OPEN_SESSIONS = 50;

/** A process that has been greeted, and the conversations that it has open. */
export interface LiveAgent {
  /** Numbers the processes of the agent. */
  readonly number: number;
  readonly connection: AcpConnection;
  readonly handshake: Handshake;
  /** By our own session ids; the one used last is the last. */
  readonly sessions: Map<string, OpenSession>;
}

/** Remembers a conversation as the one used last. */
export function useSession({ sessions, handshake, connection }: LiveAgent, ours: string, session: OpenSession): void {
  sessions.delete(ours);
  sessions.set(ours, session);
  const [oldest] = sessions;
  if (sessions.size <= MAX_OPEN_SESSIONS || oldest === undefined) return;
  const [name, { id }] = oldest;
  sessions.delete(name);
  // One that is not closed costs the agent some memory, and is opened again like any other.
  const { close } = methods.agent.session;
  if (handshake.canClose) connection.agent.request(close as string, { sessionId: id }).catch(() => undefined);
}

export function newSession(id: string, cwd: string): OpenSession {
  return { id, cwd, usage: NO_USAGE };
}
