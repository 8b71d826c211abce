import type { AgentRuntime, PermissionAnswer, Turn } from '../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../src/application/ports/agent-update.js';
import type { TurnEnd } from '../../src/application/ports/turn-end.js';

const NOTHING_LEFT = { ended: 0, left: 0 };

/** A turn that waits for the test to say how it ends. */
export interface OpenTurn extends Turn {
  readonly runId: string;
  /** The answers that the agent was given, in order. */
  readonly answers: readonly (readonly [requestId: string, answer: PermissionAnswer])[];
  /** Resolves when there are so many answers. */
  answered(count: number): Promise<void>;
  /** Resolves when what it tells has been stored, which is when the next update is asked for. */
  tell(...updates: AgentUpdate[]): Promise<void>;
  end(end: TurnEnd): void;
  complete(text?: string): void;
  fail(message?: string): void;
  /** Breaks the stream of updates, as a bug would. */
  break(error: Error): void;
}

/**
 * An agent that does what the test says. Like a real one it ends an aborted turn as `aborted`, and a stopped agent's
 * turn too.
 */
export interface ScriptedRuntime extends AgentRuntime {
  /** Resolves with the next turn that an agent is given. */
  nextTurn(): Promise<OpenTurn>;
  /** Turns given to agents and not ended yet. */
  readonly open: ReadonlySet<OpenTurn>;
  readonly started: string[];
  readonly stopped: string[];
  /** What was said into running turns, while the agent takes that. */
  readonly steered: string[];
  takesMore: boolean;
  /** Turns that begin now end by the test alone: neither an abort nor a stop reaches them. */
  isDeaf: boolean;
  /** The next start fails with this. */
  failNextStart(error: Error): void;
}

export function createScriptedRuntime(): ScriptedRuntime {
  const open = new Set<OpenTurn>();
  const waiting: OpenTurn[] = [];
  const takers: ((turn: OpenTurn) => void)[] = [];
  const started: string[] = [];
  const stopped: string[] = [];
  const answers = new Map<string, (requestId: string, answer: PermissionAnswer) => void>();
  const deaf = new Set<string>();
  let startError: Error | undefined;

  function offer(turn: OpenTurn): void {
    const taker = takers.shift();
    if (taker === undefined) waiting.push(turn);
    else taker(turn);
  }

  async function* prompt(runId: string, turn: Turn): AsyncGenerator<AgentUpdate> {
    yield { type: 'progress', message: 'process 1 started', fraction: null };
    const { isDeaf } = runtime;
    if (isDeaf) deaf.add(runId);
    const told: { update: AgentUpdate; stored: () => void }[] = [];
    let wake: () => void = () => {};
    let isOver = false as boolean;
    const heard: [string, PermissionAnswer][] = [];
    const counting: { count: number; resolve: () => void }[] = [];
    answers.set(runId, (requestId, answer) => {
      heard.push([requestId, answer]);
      for (const { count, resolve } of counting) if (heard.length >= count) resolve();
    });
    const end = new Promise<TurnEnd>((resolve, reject) => {
      const finish = (how: TurnEnd) => {
        open.delete(given);
        isOver = true;
        wake();
        resolve(how);
      };
      const given: OpenTurn = {
        ...turn,
        runId,
        answers: heard,
        answered: (count) =>
          new Promise((resolve) => {
            if (heard.length >= count) resolve();
            else counting.push({ count, resolve });
          }),
        end: finish,
        async tell(...updates) {
          const all = updates.map((update) => new Promise<void>((stored) => told.push({ update, stored })));
          wake();
          await Promise.all(all);
        },
        complete(text = 'done') {
          const result = { text, truncated: false, bytes: text.length, exitCode: 0 };
          finish({ outcome: 'completed', result, receipt: NOTHING_LEFT });
        },
        fail(message = 'Exited with code 1.') {
          finish({ outcome: 'failed', error: { code: 'failed', message }, exitCode: 1, receipt: NOTHING_LEFT });
        },
        break(error) {
          open.delete(given);
          isOver = true;
          reject(error);
          wake();
        },
      };
      open.add(given);
      const abort = () => {
        if (!isDeaf) finish({ outcome: 'aborted', receipt: NOTHING_LEFT });
      };
      turn.signal.addEventListener('abort', abort, { once: true });
      if (turn.signal.aborted) abort();
      else offer(given);
    });
    // A turn that breaks is told by awaiting it below.
    end.catch(() => undefined);
    while (!isOver) {
      const next = told.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield next.update;
      next.stored();
    }
    yield { type: 'turn_end', end: await end };
  }

  const runtime: ScriptedRuntime = {
    steered: [],
    takesMore: false,
    isDeaf: false,
    open,
    started,
    stopped,
    nextTurn: () => {
      const turn = waiting.shift();
      return turn === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(turn);
    },
    failNextStart(error) {
      startError = error;
    },
    start({ runId }) {
      const error = startError;
      startError = undefined;
      if (error !== undefined) return Promise.reject(error);
      started.push(runId);
      return Promise.resolve({
        prompt: (turn) => prompt(runId, turn),
        steer(text) {
          if (runtime.takesMore) runtime.steered.push(text);
          return Promise.resolve(runtime.takesMore);
        },
        answer(requestId, answer) {
          answers.get(runId)?.(requestId, answer);
          return Promise.resolve();
        },
        stop() {
          if (!stopped.includes(runId)) stopped.push(runId);
          for (const turn of open) {
            if (turn.runId === runId && !deaf.has(runId)) turn.end({ outcome: 'aborted', receipt: NOTHING_LEFT });
          }
          return Promise.resolve({ ended: 1, left: 0 });
        },
      });
    },
  };
  return runtime;
}
