import type { Fact } from '../../domain/event/event.js';
import type { Session } from '../../domain/session/session.js';
import type { SessionId } from '../../domain/shared/id.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { Dependencies } from '../dependencies.js';
import type { SessionBell } from '../distil/session-bell.js';
import type { Scope } from '../lifecycle/scope.js';
import { TRANSCRIPT_SOURCES, type TranscriptSource, type Transcripts } from '../ports/transcripts.js';
import type { ReadTranscript, WithTranscript } from './read-transcript.js';

/** Transcripts that are watched at once, those of the sessions that were used last. */
const MAX_WATCHED = 32;
/** A transcript that grows is read at most once in so many milliseconds. */
const REST_MS = 1_000;
/** Sessions that wait to be read; one that is not among them comes with its next prompt or end, or the next start. */
const MAX_WAITING = 1_000;
/** Sessions of which is known what was said last of their transcript, so that it is not said again. */
const MAX_TOLD = 1_000;
/** Sessions that the start looks for at once. */
const PAGE = 64;

interface Needs extends Pick<Dependencies, 'read' | 'eventLog' | 'logger'> {
  readonly turnEnds: SessionBell;
  readonly transcripts: Pick<Transcripts, 'watch'>;
  readonly readTranscript: ReadTranscript;
}

export interface FollowedTranscripts {
  /** Reads what was written while no server ran. */
  catchUp(signal: AbortSignal): Promise<void>;
}

/**
 * Reactor: reads the transcripts of sessions after their hooks were answered: at the end of a turn, at the end of the
 * session, and whenever the file of an open one grows. One after the other, part by part. All ends with the scope.
 */
export function followTranscripts(needs: Needs, scope: Scope): FollowedTranscripts {
  const { read, eventLog, logger, turnEnds, transcripts, readTranscript } = needs;
  const { signal } = scope;
  /** The one used last at the end. */
  const watches = new Map<SessionId, { close(): void }>();
  const resting = new Set<SessionId>();
  const waiting = new Set<SessionId>();
  const told = new Map<SessionId, string>();
  let working: Promise<void> | undefined;

  const isOver = () => signal.aborted;

  function hear({ type, sessionId, taskId, data }: Fact): void {
    if (sessionId === undefined || taskId !== undefined || !type.startsWith('session.')) return;
    if (type !== 'session.started' || isTranscriptSource(data['source'])) soon(sessionId);
  }

  function soon(sessionId: SessionId): void {
    if (signal.aborted || resting.has(sessionId) || resting.size >= MAX_WAITING) return;
    resting.add(sessionId);
    scope.after(`transcript of ${sessionId}`, REST_MS, () => {
      resting.delete(sessionId);
      if (waiting.size < MAX_WAITING) waiting.add(sessionId);
      begin();
    });
  }

  function begin(): void {
    if (signal.aborted || waiting.size === 0) return;
    working ??= deal().finally(() => {
      working = undefined;
      // What came after the last one was taken and before this line.
      begin();
    });
  }

  async function deal(): Promise<void> {
    for (const sessionId of waiting) {
      waiting.delete(sessionId);
      if (isOver()) return;
      try {
        // What has more goes to the end of the line, which this loop sees.
        if (await attend(sessionId)) waiting.add(sessionId);
      } catch (error) {
        stopWatching(sessionId);
        if (isOver()) return;
        tell(sessionId, messageOf(error));
      }
    }
  }

  /** Whether there is more of it to read. */
  async function attend(sessionId: SessionId): Promise<boolean> {
    const session = await read(({ sessions }) => sessions.get(sessionId));
    if (!hasTranscript(session)) return false;
    if (session.endedAt === null) await watch(session.id, session.transcriptPath);
    else stopWatching(sessionId);
    const { recorded, isEnd, unreadable, tooLong } = await readTranscript(session, signal);
    if (recorded > 0) logger.debug('a transcript told of tool uses that no hook did', { sessionId, recorded });
    if (tooLong > 0) tell(sessionId, 'It has lines that are too long; they are passed over.');
    else if (unreadable > 0) tell(sessionId, 'It has lines that are none of a transcript; they are passed over.');
    return !isEnd;
  }

  async function watch(sessionId: SessionId, path: string): Promise<void> {
    const known = watches.get(sessionId);
    watches.delete(sessionId);
    const opened = known ?? (await transcripts.watch(path, () => soon(sessionId)));
    if (opened === null) return;
    if (signal.aborted) {
      opened.close();
      return;
    }
    watches.set(sessionId, opened);
    const [oldest] = watches.keys();
    if (oldest !== undefined && watches.size > MAX_WATCHED) stopWatching(oldest);
  }

  function stopWatching(sessionId: SessionId): void {
    watches.get(sessionId)?.close();
    watches.delete(sessionId);
  }

  /** The same of the same session only once. */
  function tell(sessionId: SessionId, reason: string): void {
    if (told.get(sessionId) === reason) return;
    if (told.size >= MAX_TOLD) told.clear();
    told.set(sessionId, reason);
    logger.warn('a transcript cannot be read, or not all of it', { sessionId, reason });
  }

  async function catchUp(until: AbortSignal): Promise<void> {
    for (const source of TRANSCRIPT_SOURCES) await catchUpWith(source, until);
  }

  async function catchUpWith(source: TranscriptSource, until: AbortSignal): Promise<void> {
    let after: SessionId | null = null;
    while (!until.aborted) {
      const from: SessionId | null = after;
      const page: SessionId[] = await read((stores) => stores.transcripts.unread(source, from, PAGE));
      const last = page.at(-1);
      if (last === undefined) return;
      after = last;
      for (const sessionId of page) waiting.add(sessionId);
      begin();
      await working;
    }
  }

  scope.defer('transcripts that wait', () => working);
  scope.defer('watches of transcripts', () => {
    for (const sessionId of [...watches.keys()]) stopWatching(sessionId);
  });
  scope.defer('listener', eventLog.onAppend(hear));
  scope.defer('ends of turns', turnEnds.onRing(soon));
  return { catchUp };
}

function hasTranscript(session: Session): session is WithTranscript {
  const { source, providerSessionId, cwd, transcriptPath } = session;
  return isTranscriptSource(source) && providerSessionId !== null && cwd !== null && transcriptPath !== null;
}

function isTranscriptSource(source: unknown): source is TranscriptSource {
  return (TRANSCRIPT_SOURCES as readonly unknown[]).includes(source);
}
