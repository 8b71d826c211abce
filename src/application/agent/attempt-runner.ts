import type { StopReceipt } from '../../domain/agent/agent.js';
import type { Session } from '../../domain/session/session.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { AgentId, PermissionId, SessionId, TaskId } from '../../domain/shared/id.js';
import { messageOf } from '../../domain/shared/thrown.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { ProcessingTask, TaskError } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { createParkForAnswer } from '../permission/park-for-answer.js';
import type { RunningAgent, Turn } from '../ports/agent-runtime.js';
import type { AgentUpdate } from '../ports/agent-update.js';
import type { TurnEnd } from '../ports/turn-end.js';
import type { createHandOver } from '../session/hand-over.js';
import type { createCompleteTask } from '../task/complete-task.js';
import type { createFailTask } from '../task/fail-task.js';
import type { createInterruptTask } from '../task/interrupt-task.js';
import type { createParkForSession } from '../task/park-task.js';
import type { createStartTask } from '../task/start-task.js';
import { type AgentPool, AgentStopped, type ResumableAgent } from './agent-pool.js';
import type { createOpenTurnRecorder } from './turn/turn-recorder.js';

interface Needs extends Pick<Dependencies, 'logger' | 'clock'> {
  readonly pool: AgentPool;
  readonly startTask: ReturnType<typeof createStartTask>;
  readonly openTurnRecorder: ReturnType<typeof createOpenTurnRecorder>;
  readonly handOver: ReturnType<typeof createHandOver>;
  readonly completeTask: ReturnType<typeof createCompleteTask>;
  readonly failTask: ReturnType<typeof createFailTask>;
  readonly interruptTask: ReturnType<typeof createInterruptTask>;
  readonly parkForAnswer: ReturnType<typeof createParkForAnswer>;
  readonly parkForSession: ReturnType<typeof createParkForSession>;
}

/** Why an attempt is cut short: its task was cancelled, it is to be tried again, or it waits for a person's answer. */
type CutShort =
  | { readonly as: 'cancelled' }
  | { readonly as: 'interrupted'; readonly reason: string }
  | { readonly as: 'parked'; readonly permissionId: PermissionId }
  | { readonly as: 'paused'; readonly sessionId: SessionId }
  | { readonly as: 'failed'; readonly error: TaskError };

const AGENT_STOPPED: CutShort = { as: 'interrupted', reason: 'Its agent was stopped.' };

/** One attempt. The next one at the same task may begin before this one has given its agent back. */
interface Running {
  readonly taskId: TaskId;
  readonly agentId: AgentId;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** While the agent takes its turn. */
  steer?: RunningAgent['steer'];
}

/** Carries claimed tasks through their attempts. */
export interface AttemptRunner {
  /** Runs one attempt to its end. Never rejects: whatever happens ends in the task's state. */
  run(task: ProcessingTask): Promise<void>;
  /** Says something into the running turn of a task; false when nothing of it runs, or its agent takes nothing. */
  steer(taskId: TaskId, text: string): Promise<boolean>;
  /** Ends the running attempt at a task whose session was paused: it waits for the session. */
  paused(taskId: TaskId, sessionId: SessionId): Promise<void>;
  /** Goes on with an attempt of a dead server, whose agent the pool has adopted. Never rejects. */
  resume(task: ProcessingTask, agent: ResumableAgent, session: Session): Promise<void>;
  /** Ends the running attempt at a cancelled task. Resolves when nothing of it is left. */
  cancelled(taskId: TaskId): Promise<void>;
  /** Ends an agent; the task that it works on goes back to the queue. Throws `not_found` when it is not in the pool. */
  stopAgent(agentId: AgentId): Promise<StopReceipt>;
  /** Ends all running attempts; their tasks go back to the queue. */
  close(): Promise<void>;
}

export function createAttemptRunner(needs: Needs): AttemptRunner {
  const {
    pool,
    logger,
    clock,
    startTask,
    openTurnRecorder,
    handOver,
    completeTask,
    failTask,
    interruptTask,
    parkForAnswer,
    parkForSession,
  } = needs;
  const running = new Set<Running>();

  async function attempt(task: ProcessingTask, signal: AbortSignal): Promise<void> {
    const { id, epoch } = task;
    // At once, so that both are committed together: it is on the way of every task to its agent.
    const [agent, started] = await Promise.allSettled([pool.acquire(task), startTask(task)]);
    if (agent.status === 'rejected') {
      const isCut = signal.aborted || agent.reason instanceof AgentStopped;
      await (isCut ? endAborted(task, signal) : failTask(id, epoch, startError(agent.reason), null));
      return;
    }
    try {
      if (started.status === 'rejected') throw started.reason;
      if (started.value !== null) await settle(task, await takeTurn(agent.value, task, started.value, signal), signal);
    } finally {
      await pool.release(task.agentId);
    }
  }

  async function goOn(
    task: ProcessingTask,
    agent: ResumableAgent,
    session: Session,
    signal: AbortSignal,
  ): Promise<void> {
    // It has had a part of its time already.
    const spentMs = clock() - task.startedAt;
    try {
      const end = await takeTurn(agent, task, session, signal, (turn) => agent.resume({ ...turn, spentMs }));
      await settle(task, end, signal);
    } finally {
      await pool.release(task.agentId);
    }
  }

  async function takeTurn(
    agent: RunningAgent,
    task: ProcessingTask,
    { id: sessionId, agent: spokenTo, providerSessionId: known, cwd }: Session,
    signal: AbortSignal,
    begin: (turn: Turn) => AsyncIterable<AgentUpdate> = (turn) => agent.prompt(turn),
  ): Promise<TurnEnd> {
    const { id, epoch, prompt, workspace, timeoutMs } = task;
    // Another profile's agent knows nothing of the conversation: it is told what was said, and begins its own.
    const isOther = spokenTo !== task.agent;
    const providerSessionId = isOther ? null : known;
    const conversation = { sessionId, providerSessionId, handOver: () => handOver(sessionId, id) };
    const entry = [...running].find(isOf(task));
    if (entry !== undefined && agent.steer !== undefined)
      entry.steer = (text) => agent.steer?.(text) ?? Promise.resolve(false);
    await using recorder = openTurnRecorder(task, sessionId, {
      answer: async (requestId, answer) => agent.answer?.(requestId, answer),
      refused: (message) => void cutShort(isOf(task), { as: 'failed', error: { code: 'usage', message } }),
      stalled: (message) => void cutShort(isOf(task), { as: 'failed', error: { code: 'timeout', message } }),
      unanswered: (permissionId) => void cutShort(isOf(task), { as: 'parked', permissionId }),
    });
    for await (const update of begin({
      prompt: isOther ? `${await handOver(sessionId, id)}${prompt}` : prompt,
      // A conversation is taken up again where it was begun.
      workspace: providerSessionId === null ? workspace : (cwd ?? workspace),
      attempt: attemptName(id, epoch),
      timeoutMs,
      conversation,
      signal,
    })) {
      // What is told of a task that was cancelled meanwhile is of no interest to anybody.
      await recorder.take(update).catch(ignoreSuperseded);
      if (update.type === 'turn_end') return update.end;
    }
    throw new Error(`The agent of ${id} ended its turn without saying how.`);
  }

  async function settle(task: ProcessingTask, end: TurnEnd, signal: AbortSignal): Promise<void> {
    const { id, epoch } = task;
    if (end.receipt.left > 0)
      logger.warn('processes of an attempt could not be ended', { taskId: id, epoch, ...end.receipt });
    if (end.outcome === 'completed') await completeTask(id, epoch, end.result, end.ran);
    else if (end.outcome === 'failed') await failTask(id, epoch, end.error, end.exitCode, end);
    else await endAborted(task, signal);
  }

  async function endAborted({ id, epoch }: ProcessingTask, signal: AbortSignal): Promise<void> {
    const cut = signal.aborted ? (signal.reason as CutShort) : AGENT_STOPPED;
    if (cut.as === 'interrupted') await interruptTask(id, epoch, cut.reason);
    else if (cut.as === 'parked') await parkForAnswer(id, epoch, cut.permissionId);
    else if (cut.as === 'failed') await failTask(id, epoch, cut.error, null);
    else if (cut.as === 'paused') await parkForSession(id, epoch, cut.sessionId);
  }

  /** A fault of ours is told to the task too, which would otherwise be taken for running until the next start. */
  async function settleBroken({ id, epoch }: ProcessingTask, error: unknown): Promise<void> {
    if (error instanceof DomainError) throw error;
    logger.error('an attempt broke', { taskId: id, epoch, error });
    const message = `The attempt broke: ${messageOf(error)}`;
    await failTask(id, epoch, { code: 'failed', message }, null);
  }

  function ignoreSuperseded(error: unknown): void {
    if (!(error instanceof DomainError)) throw error;
    logger.info('a late word of an attempt was refused', { reason: error.message });
  }

  async function cutShort(which: (attempt: Running) => boolean, why: CutShort): Promise<void> {
    const attempts = [...running].filter(which);
    for (const { abort } of attempts) abort.abort(why);
    await Promise.all(attempts.map(({ done }) => done));
  }

  /** Carries an attempt to its end; whatever happens ends in the task's state. */
  function carry(task: ProcessingTask, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const done = work(abort.signal)
      .catch((error: unknown) => settleBroken(task, error))
      .catch(ignoreSuperseded)
      .catch((error: unknown) => {
        logger.error('an attempt could not be settled', { taskId: task.id, epoch: task.epoch, error });
      })
      .finally(() => running.delete(entry));
    const entry: Running = { taskId: task.id, agentId: task.agentId, abort, done };
    running.add(entry);
    return done;
  }

  return {
    run: (task) => carry(task, (signal) => attempt(task, signal)),

    resume: (task, agent, session) => carry(task, (signal) => goOn(task, agent, session, signal)),

    async steer(taskId, text) {
      const taking = [...running].find((attempt) => attempt.taskId === taskId && attempt.steer !== undefined);
      return (await taking?.steer?.(text)) ?? false;
    },

    paused: (taskId, sessionId) => cutShort((attempt) => attempt.taskId === taskId, { as: 'paused', sessionId }),

    cancelled: (taskId) => cutShort((attempt) => attempt.taskId === taskId, { as: 'cancelled' }),

    async stopAgent(agentId) {
      const cut = cutShort((attempt) => attempt.agentId === agentId, AGENT_STOPPED);
      const receipt = await pool.stop(agentId);
      await cut;
      if (receipt === undefined) throw new DomainError('not_found', `There is no running agent ${agentId}.`);
      return receipt;
    },

    close: () => cutShort(() => true, { as: 'interrupted', reason: 'The server was stopped.' }),
  };
}

const isOf =
  ({ id, agentId }: ProcessingTask) =>
  (attempt: Running) =>
    attempt.taskId === id && attempt.agentId === agentId;

function startError(error: unknown): TaskError {
  if (error instanceof DomainError) return { code: 'usage', message: error.message };
  return {
    code: 'failed',
    message: `The agent could not be started: ${messageOf(error)}`,
  };
}
