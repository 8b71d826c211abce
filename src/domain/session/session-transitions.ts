import type { Change } from '../shared/change.js';
import { cutText } from '../shared/cut-text.js';
import { DomainError } from '../shared/domain-error.js';
import type { SessionId, TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { ActiveSession, ClosedSession, FailedSession, PausedSession, Session } from './session.js';

/** Longest title, in UTF-16 code units: one line of a wide terminal. */
export const MAX_TITLE_LENGTH = 120;

export interface SessionEvent {
  type: `session.${'started' | 'prompted' | 'paused' | 'resumed' | 'closed' | 'failed'}`;
  at: Timestamp;
  sessionId: SessionId;
  taskId?: TaskId;
  data: Record<string, string | number>;
}

type SessionChange<State extends Session> = Change<State, SessionEvent>;

/** Opens a conversation that nobody has said anything in yet. */
export function startSession(
  session: Pick<Session, 'id' | 'source' | 'providerSessionId' | 'agent' | 'workspaceId' | 'taskId'> &
    Partial<Pick<Session, 'cwd' | 'transcriptPath' | 'agentVersion'>>,
  now: Timestamp,
): SessionChange<ActiveSession> {
  const state: ActiveSession = {
    cwd: null,
    transcriptPath: null,
    agentVersion: null,
    ...session,
    status: 'active',
    title: '',
    prompts: 0,
    startedAt: now,
    endedAt: null,
    reason: null,
  };
  return change(state, 'session.started', { source: session.source, agent: session.agent }, now);
}

/** The user, or a task, says something; a conversation that had ended goes on. The first prompt gives the title. */
export function promptSession(session: Session, text: string, now: Timestamp): SessionChange<ActiveSession> {
  if (session.status === 'paused') throw invalidTransition('prompt', session);
  const prompts = session.prompts + 1;
  const title = session.title === '' ? titleOf(text) : session.title;
  return change({ ...reopened(session), title, prompts }, 'session.prompted', { number: prompts }, now);
}

/** Something that was said becomes known afterwards: whether the conversation goes on is not told by that. */
export function recallPrompt(session: Session, text: string, now: Timestamp): SessionChange<Session> {
  if (session.status === 'paused') throw invalidTransition('prompt', session);
  const prompts = session.prompts + 1;
  const title = session.title === '' ? titleOf(text) : session.title;
  return change<Session>({ ...session, title, prompts }, 'session.prompted', { number: prompts }, now);
}

export function pauseSession(session: Session, now: Timestamp): SessionChange<PausedSession> {
  if (session.status !== 'active') throw invalidTransition('pause', session);
  return change({ ...session, status: 'paused' }, 'session.paused', {}, now);
}

export function resumeSession(session: Session, now: Timestamp): SessionChange<ActiveSession> {
  if (session.status === 'active') throw invalidTransition('resume', session);
  return change(reopened(session), 'session.resumed', {}, now);
}

export function closeSession(session: Session, now: Timestamp): SessionChange<ClosedSession> {
  if (isEnded(session)) throw invalidTransition('close', session);
  return change({ ...session, status: 'closed', endedAt: now }, 'session.closed', {}, now);
}

export function failSession(session: Session, reason: string, now: Timestamp): SessionChange<FailedSession> {
  if (isEnded(session)) throw invalidTransition('fail', session);
  return change({ ...session, status: 'failed', endedAt: now, reason }, 'session.failed', { reason }, now);
}

function reopened(session: Session): ActiveSession {
  return { ...session, status: 'active', endedAt: null, reason: null };
}

function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return cutText(line, MAX_TITLE_LENGTH);
}

function isEnded(session: Session): session is ClosedSession | FailedSession {
  return session.status === 'closed' || session.status === 'failed';
}

function change<State extends Session>(
  state: State,
  type: SessionEvent['type'],
  data: SessionEvent['data'],
  now: Timestamp,
): SessionChange<State> {
  const about = state.taskId === null ? {} : { taskId: state.taskId };
  return { state, events: [{ type, at: now, sessionId: state.id, ...about, data }] };
}

function invalidTransition(verb: string, session: Session): DomainError {
  return new DomainError('invalid_transition', `Cannot ${verb} ${session.id}: it is ${session.status}.`);
}
