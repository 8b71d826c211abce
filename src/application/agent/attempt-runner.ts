import type { StopReceipt } from '../../domain/agent/agent.js';
import type { Session } from '../../domain/session/session.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { AgentId, SessionId, TaskId } from '../../domain/shared/id.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { RunningAgent, Turn } from '../ports/agent-runtime.js';
import type { AgentUpdate } from '../ports/agent-update.js';
import type { Timer } from '../ports/timer.js';
import type { TurnEnd } from '../ports/turn-end.js';
import type { createHandOver } from '../session/hand-over.js';
import type { createStartTask } from '../task/start-task.js';
import type { AgentPool, ResumableAgent } from './agent-pool.js';
import { type AttemptLease, LEASE_MS, openAttemptLease } from './attempt-lease.js';
import { AGENT_STOPPED, type CutShort, SERVER_STOPPED } from './cut-short.js';
import type { createHandResults } from './hand-results.js';
import { createSettleAttempt, type SettleNeeds } from './settle-attempt.js';
import { createLeaveTaking, type LeaveTaking } from './turn/leave-taking.js';
import type { createOpenTurnRecorder } from './turn/turn-recorder.js';

interface Needs extends SettleNeeds, Pick<Dependencies, 'clock'> {
  readonly timer: Timer;
  readonly pool: AgentPool;
  readonly startTask: ReturnType<typeof createStartTask>;
  readonly openTurnRecorder: ReturnType<typeof createOpenTurnRecorder>;
  readonly handOver: ReturnType<typeof createHandOver>;
  readonly handResults: ReturnType<typeof createHandResults>;
}

/** One attempt. The next one at the same task may begin before this one has given its agent back. */
interface Running {
  readonly taskId: TaskId;
  readonly agentId: AgentId;
  readonly abort: AbortController;
  readonly leaveTaking: LeaveTaking;
  readonly lease: AttemptLease;
  done: Promise<void>;
  /** Whether its turn has told how to find back into it. */
  isMarked: boolean;
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
  /**
   * Hears no more of the attempts with which a later server can go on; they stay as they are. Ends the others; their
   * tasks go back to the queue.
   */
  leave(): Promise<void>;
}

export function createAttemptRunner(needs: Needs): AttemptRunner {
  const { pool, logger, clock, timer, startTask, failTask, openTurnRecorder, handOver, handResults } = needs;
  const { settle, notStarted, broken } = createSettleAttempt(needs);
  const running = new Set<Running>();

  async function attempt(task: ProcessingTask, entry: Running): Promise<void> {
    // At once, so that both are committed together: it is on the way of every task to its agent.
    const [agent, started] = await Promise.allSettled([pool.acquire(task), startTask(task)]);
    if (agent.status === 'rejected') {
      await notStarted(task, agent.reason, entry.abort.signal);
      return;
    }
    await withAgent(task, entry, async () => {
      if (started.status === 'rejected') throw started.reason;
      return started.value === null ? null : takeTurn(agent.value, task, started.value, entry);
    });
  }

  async function goOn(task: ProcessingTask, agent: ResumableAgent, session: Session, entry: Running): Promise<void> {
    // It has had a part of its time already; none by a clock that was set back.
    const spentMs = Math.max(0, clock() - task.startedAt);
    const begin = (turn: Turn) => agent.resume({ ...turn, spentMs });
    await withAgent(task, entry, () => takeTurn(agent, task, session, entry, begin));
  }

  /** Settles the end of a turn and gives the agent back; what was left stays as it is, for the next server. */
  async function withAgent(
    task: ProcessingTask,
    { abort, leaveTaking, lease }: Running,
    turn: () => Promise<TurnEnd | null>,
  ): Promise<void> {
    try {
      const end = await turn();
      lease[Symbol.dispose]();
      if (end !== null) await settle(task, end, abort.signal);
    } finally {
      if (!leaveTaking.isLeft) await pool.release(task.agentId);
    }
  }

  /** Null for a turn that was left. */
  async function takeTurn(
    agent: RunningAgent,
    task: ProcessingTask,
    { id: sessionId, agent: spokenTo, providerSessionId: known, cwd }: Session,
    entry: Running,
    begin: (turn: Turn) => AsyncIterable<AgentUpdate> = (turn) => agent.prompt(turn),
  ): Promise<TurnEnd | null> {
    const { id, epoch, prompt, workspace, timeoutMs } = task;
    const { leaveTaking, lease } = entry;
    lease.renew(timeoutMs + LEASE_MS);
    const { signal } = entry.abort;
    // Another profile's agent knows nothing of the conversation: it is told what was said, and begins its own.
    const isOther = spokenTo !== task.agent;
    const providerSessionId = isOther ? null : known;
    const conversation = { sessionId, providerSessionId, handOver: () => handOver(sessionId, id) };
    if (agent.steer !== undefined) entry.steer = (text) => agent.steer?.(text) ?? Promise.resolve(false);
    await using recorder = openTurnRecorder(task, sessionId, {
      answer: async (requestId, answer) => agent.answer?.(requestId, answer),
      refused: (message) => void cutShort(isOf(task), { as: 'failed', error: { code: 'usage', message } }),
      stalled: (message) => void cutShort(isOf(task), { as: 'failed', error: { code: 'timeout', message } }),
      unanswered: (permissionId) => void cutShort(isOf(task), { as: 'parked', permissionId }),
    });
    const { resultsFile, preface } = await handResults(task, sessionId);
    const turn = begin({
      prompt: `${isOther ? await handOver(sessionId, id) : ''}${preface}${prompt}`,
      resultsFile,
      // A conversation is taken up again where it was begun.
      workspace: providerSessionId === null ? workspace : (cwd ?? workspace),
      attempt: attemptName(id, epoch),
      timeoutMs,
      conversation,
      signal,
    });
    for await (const update of leaveTaking.hear(turn)) {
      // What is told of a task that was cancelled meanwhile is of no interest to anybody.
      await recorder.take(update).catch(ignoreSuperseded);
      if (update.type === 'turn_end') return update.end;
      if (update.type === 'mark') entry.isMarked = true;
    }
    if (leaveTaking.isLeft) return null;
    throw new Error(`The agent of ${id} ended its turn without saying how.`);
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

  /** Its runner hangs: the task goes on without it, and what it still says is refused. */
  async function loseClaim({ id, epoch, agentId }: ProcessingTask, { abort }: Running): Promise<void> {
    const message = 'Its attempt did not end long after its time limit, so it lost its claim.';
    logger.error('an attempt lost its claim', { taskId: id, epoch, agentId });
    const error = { code: 'timeout', message } as const;
    abort.abort({ as: 'failed', error } satisfies CutShort);
    const given = await Promise.allSettled([
      failTask(id, epoch, error, null).catch(ignoreSuperseded),
      pool.stop(agentId),
    ]);
    for (const one of given) if (one.status === 'rejected') logger.error('a lost claim could not be cleared up', one);
  }

  /** Whether a later server can go on with it: it is cut short by nobody, and its turn can be found again. */
  function canBeLeft({ agentId, abort, isMarked }: Running): boolean {
    return !abort.signal.aborted && pool.canBeLeft(agentId, isMarked);
  }

  /** Carries an attempt to its end; whatever happens ends in the task's state. */
  function carry(
    task: ProcessingTask,
    work: (entry: Running) => Promise<void>,
    { isMarked }: Pick<Running, 'isMarked'> = { isMarked: false },
  ): Promise<void> {
    const entry: Running = {
      taskId: task.id,
      agentId: task.agentId,
      abort: new AbortController(),
      leaveTaking: createLeaveTaking(),
      lease: openAttemptLease(timer, () => void loseClaim(task, entry)),
      isMarked,
      done: Promise.resolve(),
    };
    running.add(entry);
    entry.done = work(entry)
      .catch((error: unknown) => broken(task, error))
      .catch(ignoreSuperseded)
      .catch((error: unknown) => {
        logger.error('an attempt could not be settled', { taskId: task.id, epoch: task.epoch, error });
      })
      .finally(() => {
        entry.lease[Symbol.dispose]();
        running.delete(entry);
      });
    return entry.done;
  }

  return {
    run: (task) => carry(task, (entry) => attempt(task, entry)),

    resume: (task, agent, session) => carry(task, (entry) => goOn(task, agent, session, entry), { isMarked: true }),

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

    close: () => cutShort(() => true, SERVER_STOPPED),

    async leave() {
      const left = [...running].filter(canBeLeft);
      for (const { leaveTaking } of left) leaveTaking.leave();
      await Promise.all([
        ...left.map(({ done }) => done),
        cutShort((attempt) => !left.includes(attempt), SERVER_STOPPED),
      ]);
    },
  };
}

const isOf =
  ({ id, agentId }: ProcessingTask) =>
  (attempt: Running) =>
    attempt.taskId === id && attempt.agentId === agentId;
