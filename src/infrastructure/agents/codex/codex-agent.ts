import { failedEnd, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcesses, AgentProcessRequest } from '../../../application/ports/agent-process.js';
import type { RunningAgent, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import type { CodexBounds } from './bounds.js';
import { type AfterTurn, type CodexTurn, createCodexTurn } from './codex-turn.js';
import { type Connection, createConnection } from './connection.js';
import type { Mark } from './mark.js';
import type { Thread } from './open-thread.js';
import type { RequestId } from './received.js';

export interface CodexAgentDependencies {
  readonly processes: AgentProcesses;
  readonly timer: Timer;
  readonly bounds: CodexBounds;
  /** Of this program, as it is told to Codex. */
  readonly version: string;
}

/** What to start: the profile's settings with its program found. */
export type CodexCommand = Omit<AgentProcessRequest, 'number' | 'cwd'>;

/** A process that an earlier server spoke to. */
export interface TakenOver {
  readonly connection: Connection;
  readonly mark: Mark;
  /** Requests of Codex that were answered. */
  readonly taken: ReadonlySet<RequestId>;
}

/** A setting of these in the profile's arguments is the user's own choice, and stands. */
const OWN_POLICY = /^(?:approval_policy|sandbox_mode)\s*=|^--(?:dangerously-bypass|sandbox|ask-for-approval)/;
/** Codex may write in the workspace, and asks for what goes beyond it. */
const POLICY = { approvalPolicy: 'on-request', sandbox: 'workspace-write' };

/** Codex, as one warm app-server with a conversation open at a time. It is started by the first turn, in its workspace. */
export function createCodexAgent(
  { processes, timer, bounds, version }: CodexAgentDependencies,
  command: CodexCommand,
  takenOver: TakenOver | null,
): RunningAgent {
  const policy = command.args.some((arg) => OWN_POLICY.test(arg)) ? {} : POLICY;
  let connection = takenOver?.connection ?? null;
  let started = connection?.number ?? 0;
  let greet = takenOver === null;
  let thread: Thread | null = takenOver === null ? null : threadOf(takenOver.mark);
  let active: CodexTurn | null = null;
  let starting: Promise<Connection> | null = null;
  let stopped: Promise<StopReceipt> | null = null;

  async function connect(cwd: string): Promise<Connection> {
    if (connection !== null && !connection.hasEnded) return connection;
    [thread, greet] = [null, true];
    started += 1;
    connection = createConnection(await processes.start({ ...command, number: started, cwd }), started, 0);
    return connection;
  }

  async function* take(
    turn: Turn,
    open: () => Promise<Connection>,
    act: (codexTurn: CodexTurn) => AsyncGenerator<AgentUpdate, AfterTurn>,
  ): AsyncGenerator<AgentUpdate> {
    if (active !== null) throw new Error('An agent takes one turn at a time.');
    if (isOver(turn)) {
      yield { type: 'turn_end', end: { outcome: 'aborted', receipt: NOTHING } };
      return;
    }
    let opened: Connection;
    try {
      starting = open();
      opened = await starting;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      yield { type: 'turn_end', end: failedEnd({ code: 'failed', message: error.message }, NOTHING) };
      return;
    }
    if (isOver(turn)) {
      yield { type: 'turn_end', end: { outcome: 'aborted', receipt: await opened.process.stop() } };
      return;
    }
    const taken = takenOver?.connection === opened ? takenOver.taken : new Set<RequestId>();
    active = createCodexTurn({ connection: opened, turn, timer, bounds, version, policy, taken });
    let after: AfterTurn = { thread: null, isUsable: false };
    try {
      after = yield* act(active);
    } finally {
      active = null;
      thread = after.thread;
      greet = !after.isUsable;
      if (!after.isUsable) await opened.process.stop();
    }
  }

  /** A call, so that nobody takes an earlier look for the present state. */
  function isOver({ signal }: Turn): boolean {
    return stopped !== null || signal.aborted;
  }

  async function stop(): Promise<StopReceipt> {
    if (active !== null) {
      active.abort();
      await inTime(active.over, bounds.interruptMs);
    }
    // One that could not start was told by its turn.
    await starting?.catch(() => undefined);
    if (connection === null) return NOTHING;
    if (!connection.hasEnded) await inTime(connection.process.closeInput(), bounds.interruptMs);
    return connection.process.stop();
  }

  function inTime(what: Promise<void>, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timer(delayMs, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      // Whatever it says: the process is stopped next.
      what.then(done, done);
    });
  }

  const agent: RunningAgent = {
    prompt: (turn) =>
      take(
        turn,
        () => connect(turn.workspace),
        (codexTurn) => codexTurn.run(thread, greet),
      ),
    steer: (text) => active?.steer(text) ?? Promise.resolve(false),
    answer(requestId, answer) {
      active?.answer(requestId, answer);
      return Promise.resolve();
    },
    isWarm: () => connection !== null && !connection.hasEnded,
    stop: () => (stopped ??= stop()),
  };
  if (takenOver === null) return agent;
  // Also one that has ended by now: its output tells how.
  const openTaken = () => Promise.resolve(takenOver.connection);
  return { ...agent, resume: (turn) => take(turn, openTaken, (codexTurn) => codexTurn.goOn(takenOver.mark)) };
}

function threadOf({ threadId: id, model, version }: Mark): Thread {
  return { id, model, version };
}
