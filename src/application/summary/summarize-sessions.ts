import type { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';
import type { Scope } from '../lifecycle/scope.js';
import type { MakeSummary } from './make-summary.js';

/** Sessions of a backlog that are looked at between two looks at whether the server stops. */
const PAGE = 64;

interface Needs extends Pick<Dependencies, 'read' | 'eventLog' | 'clock' | 'logger'> {
  readonly makeSummary: MakeSummary;
}

export interface Summaries {
  /** The agent has ended a turn, which is no event of its own. */
  turnEnded(sessionId: SessionId): void;
  /** Makes what was due when another server stopped. */
  catchUp(signal: AbortSignal): Promise<void>;
}

/**
 * Makes the summaries that are due, when all that was captured of the session is distilled. Whatever makes one due is
 * written down with it; what is heard here only says when to look, so it sleeps while nothing happens.
 */
export async function startSummaries(needs: Needs, scope: Scope): Promise<Summaries> {
  const { read, eventLog, clock, logger, makeSummary } = needs;
  const { signal } = scope;
  /** Sessions that are about to be looked at. */
  const looking = new Set<SessionId>();
  let last: Promise<void> = Promise.resolve();

  /** What is heard of a session again before it is looked at is one look. */
  function look(sessionId: SessionId): void {
    if (looking.has(sessionId) || signal.aborted) return;
    looking.add(sessionId);
    last = last.then(async () => {
      looking.delete(sessionId);
      if (signal.aborted) return;
      await makeIfDistilled(sessionId).catch((error: unknown) => {
        logger.error('a session was not summarized, and will be when more of it is heard', { sessionId, error });
      });
    });
  }

  async function makeIfDistilled(sessionId: SessionId): Promise<void> {
    const isReady = await read(async ({ dueSummaries, toolUses }) => {
      if ((await dueSummaries.markOf(sessionId)) === undefined) return false;
      return (await toolUses.waiting(sessionId, 1)).length === 0;
    });
    if (isReady) await makeSummary(sessionId);
  }

  async function follow(from: number): Promise<void> {
    for await (const followed of followLog({ eventLog, clock }, from, signal)) {
      const { type } = followed;
      if (type === 'reset') {
        await catchUp(signal);
        continue;
      }
      const { sessionId, data } = followed;
      if (sessionId === undefined) continue;
      const mayBeReady =
        type === 'session.closed' ||
        type === 'session.failed' ||
        type === 'session.prompted' ||
        type === 'observation.forgotten' ||
        (type === 'processing.changed' && data['processing'] === false);
      if (mayBeReady) look(sessionId);
    }
  }

  async function catchUp(until: AbortSignal): Promise<void> {
    for (let after: SessionId | null = null; ; ) {
      until.throwIfAborted();
      const from: SessionId | null = after;
      const page: SessionId[] = await read(({ dueSummaries }) => dueSummaries.list(from, PAGE));
      for (const sessionId of page) look(sessionId);
      await last;
      after = page.at(-1) ?? null;
      if (after === null) return;
    }
  }

  const { end } = await eventLog.bounds();
  const following = follow(end).catch((error: unknown) => {
    if (!signal.aborted) logger.error('sessions are summarized at the next start', { error });
  });
  scope.defer('follower of the log', () => following);
  scope.defer('summary that is made', () => last);
  return { turnEnded: look, catchUp };
}
