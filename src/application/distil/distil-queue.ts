import type { Fact, Followed, Position } from '../../domain/event/event.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';
import type { Scope } from '../lifecycle/scope.js';
import type { DistilToolUses } from './distil-tool-uses.js';
import { dueStretches, SessionLine } from './session-line.js';
import { createTurnstile } from './turnstile.js';

/** Sessions that are distilled at once: while one waits for a model or a disk, others go on. */
const MAX_SESSIONS_AT_ONCE = 4;
/**
 * A turn in which nothing was heard for this long is distilled as far as it is, in milliseconds: longer than most
 * thoughts between two tools of an agent, and short for somebody who waits to find what was done.
 */
export const QUIET_MS = 8_000;
/** Sessions of a backlog that are taken up at once. */
const BACKLOG_PAGE = 64;

interface Needs extends Pick<Dependencies, 'read' | 'transaction' | 'eventLog' | 'clock' | 'logger'> {
  readonly distilToolUses: DistilToolUses;
}

export interface DistilQueue {
  /** The agent has ended a turn: what was captured of it is due. */
  turnEnded(sessionId: SessionId): Promise<void>;
  /** What was distilled of a session waits again. */
  readonly takeUp: (sessionId: SessionId) => void;
  /** Takes up what waits since before the server started. Resolves when it is distilled. */
  catchUp(signal: AbortSignal): Promise<void>;
}

/**
 * Distils what is captured, session by session. It hears of tool uses from the event log and sleeps in between: it
 * keeps a line for a session only while something of it waits, and at most one timer for a line. In a session one
 * stretch is distilled after the other, in order; where it stopped, the storage knows.
 */
export async function startDistilQueue(needs: Needs, scope: Scope): Promise<DistilQueue> {
  const { read, transaction, eventLog, clock, logger, distilToolUses } = needs;
  const { signal } = scope;
  const lines = new Map<SessionId, { readonly line: SessionLine; readonly ended: Promise<void> }>();
  const broken = new Set<SessionId>();
  /** Turns that have ended, each with the last position of the log that may belong to it. */
  const turnEnds = new Map<SessionId, Position>();
  let heardUpTo: Position = 0;
  const turnstile = createTurnstile(MAX_SESSIONS_AT_ONCE);

  function lineOf(sessionId: SessionId): { readonly line: SessionLine; readonly ended: Promise<void> } {
    const known = lines.get(sessionId);
    if (known !== undefined) return known;
    const line = new SessionLine();
    if (signal.aborted) line.stop(signal.reason as Error);
    // Of one that broke off, what waits was not counted.
    if (broken.delete(sessionId)) line.cutAll();
    const ended = run(sessionId, line).catch((error: unknown) => {
      lines.delete(sessionId);
      if (signal.aborted) return;
      broken.add(sessionId);
      logger.error('a session is not distilled until more of it is heard', { sessionId, error });
    });
    const opened = { line, ended };
    lines.set(sessionId, opened);
    return opened;
  }

  async function run(sessionId: SessionId, line: SessionLine): Promise<void> {
    do {
      await line.whenDue();
      scope.cancel(quietTimer(sessionId));
      using _place = await turnstile.enter();
      await changed(sessionId, true);
      try {
        for await (const stretch of dueStretches(sessionId, line, read, signal)) {
          await distilToolUses(stretch, signal);
        }
      } finally {
        await changed(sessionId, false);
      }
      if (line.gathers) waitForQuiet(sessionId, line);
    } while (!line.isEmpty);
    // At once, so that nothing can arrive in a line that has ended.
    lines.delete(sessionId);
  }

  async function changed(sessionId: SessionId, processing: boolean): Promise<void> {
    const fact: Fact = { type: 'processing.changed', at: clock(), sessionId, data: { processing } };
    await transaction(({ events }) => events.append([fact]));
  }

  /** The one timer of a line, set anew by each tool use. */
  function waitForQuiet(sessionId: SessionId, line: SessionLine): void {
    if (signal.aborted) return;
    scope.after(quietTimer(sessionId), QUIET_MS, () => line.cut());
  }

  function hear(followed: Followed): void {
    react(followed);
    heardUpTo = followed.position;
    for (const [sessionId, position] of turnEnds) if (position <= heardUpTo) endTurn(sessionId);
  }

  function endTurn(sessionId: SessionId): void {
    turnEnds.delete(sessionId);
    lines.get(sessionId)?.line.cut();
  }

  /** The follower of the log may be behind: what it has not heard of yet belongs to the turn as well. */
  async function turnEnded(sessionId: SessionId): Promise<void> {
    const { end: last } = await eventLog.bounds();
    if (last <= heardUpTo) endTurn(sessionId);
    else turnEnds.set(sessionId, last);
  }

  function react(followed: Followed): void {
    const { type } = followed;
    if (type === 'reset') {
      catchUp(signal).catch(() => {});
      return;
    }
    const { sessionId } = followed;
    if (sessionId === undefined) return;
    if (type === 'tooluse.captured') {
      const { line } = lineOf(sessionId);
      line.arrived();
      if (line.gathers) waitForQuiet(sessionId, line);
    } else if (type === 'session.prompted' || type === 'session.closed' || type === 'session.failed') {
      lines.get(sessionId)?.line.cut();
    }
  }

  async function catchUp(until: AbortSignal): Promise<void> {
    let after: SessionId | null = null;
    for (;;) {
      until.throwIfAborted();
      const from: SessionId | null = after;
      const page: SessionId[] = await read(({ toolUses }) => toolUses.sessionsWaiting(from, BACKLOG_PAGE));
      const last = page.at(-1);
      if (last === undefined) return;
      after = last;
      await Promise.all(
        page.map((sessionId) => {
          const { line, ended } = lineOf(sessionId);
          const caughtUp = line.caughtUp();
          line.cutAll();
          return Promise.race([ended, caughtUp]);
        }),
      );
    }
  }

  async function follow(from: number): Promise<void> {
    for await (const followed of followLog({ eventLog, clock }, from, signal)) hear(followed);
  }

  const { end } = await eventLog.bounds();
  heardUpTo = end;
  const following = follow(end).catch((error: unknown) => {
    if (!signal.aborted) logger.error('what is captured is distilled at the next start', { error });
  });
  const stop = () => {
    const reason = signal.reason as Error;
    turnstile.close(reason);
    for (const { line } of lines.values()) line.stop(reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  scope.defer('follower of the log', () => following);
  scope.defer('sessions that are distilled', async () => {
    await Promise.all([...lines.values()].map(({ ended }) => ended));
  });
  return { turnEnded, takeUp: (sessionId) => lineOf(sessionId).line.cutAll(), catchUp };
}

function quietTimer(sessionId: SessionId): string {
  return `quiet in ${sessionId}`;
}
