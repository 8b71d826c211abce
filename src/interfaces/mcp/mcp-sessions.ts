import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/shared/domain-error.js';
import { type McpSession, openMcpSession, type SessionOptions } from './mcp-session.js';

/** Most sessions at once: each agent of 100 and its subagents have one; one takes some 10 kB. */
const MAX_SESSIONS = 256;
/** A session that has not been used for so long is given up when another one begins, in milliseconds. */
const IDLE_MS = 3_600_000;

/** The MCP sessions of this server. They are looked through when one begins, so that an idle server has no timer for it. */
export interface McpSessions {
  /** Throws `limit_exceeded` when all places are taken by sessions that are at work. */
  open(options: Omit<SessionOptions, 'id'>): Promise<McpSession>;
  /** The session of this owner, which counts as used; undefined for one that is not there (any more). */
  use(id: string, owner: object | null): McpSession | undefined;
  close(session: McpSession): Promise<void>;
}

interface Kept {
  readonly session: McpSession;
  usedAt: number;
}

export function createMcpSessions(now: () => number = () => performance.now()): McpSessions {
  /** Least recently used first. */
  const kept = new Map<string, Kept>();

  async function retire(): Promise<void> {
    for (const { session, usedAt } of [...kept.values()]) {
      if (session.isBusy()) continue;
      if (kept.size < MAX_SESSIONS && now() - usedAt < IDLE_MS) return;
      kept.delete(session.id);
      await session.close();
    }
    if (kept.size < MAX_SESSIONS) return;
    throw new DomainError(
      'limit_exceeded',
      `There are ${String(MAX_SESSIONS)} MCP sessions, all at work; try again later.`,
    );
  }

  return {
    async open(options) {
      await retire();
      const session = await openMcpSession({ ...options, id: randomUUID() });
      kept.set(session.id, { session, usedAt: now() });
      return session;
    },
    use(id, owner) {
      const entry = kept.get(id);
      if (entry?.session.owner !== owner) return undefined;
      kept.delete(id);
      kept.set(id, { ...entry, usedAt: now() });
      return entry.session;
    },
    async close(session) {
      kept.delete(session.id);
      await session.close();
    },
  };
}
