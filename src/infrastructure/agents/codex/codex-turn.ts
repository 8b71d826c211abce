import { z } from 'zod';
import { failedEnd } from '../../../application/agent/turn-ends.js';
import type { PermissionAnswer, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { TurnEnd } from '../../../application/ports/turn-end.js';
import type { CodexBounds } from './bounds.js';
import type { Connection } from './connection.js';
import { greeting } from './greet-codex.js';
import { type Mark, writeMark } from './mark.js';
import { type Answer, openThread, type Thread } from './open-thread.js';
import type { Received, RequestId } from './received.js';
import { createTurnCut, type TurnCut } from './turn-cut.js';
import { turnEnd } from './turn-end.js';
import { createTurnInbox } from './turn-inbox.js';

const Begun = z.object({ turn: z.object({ id: z.string() }) });

interface Needs {
  readonly connection: Connection;
  readonly turn: Turn;
  readonly timer: Timer;
  readonly bounds: CodexBounds;
  /** Of this program. */
  readonly version: string;
  /** Approval policy and sandbox that a conversation begins with. */
  readonly policy: object;
  /** Requests of Codex that were answered before, by an earlier server. */
  readonly taken: ReadonlySet<RequestId>;
}

/** What the agent must know after a turn: the conversation that is open, and whether the process is good for another. */
export interface AfterTurn {
  readonly thread: Thread | null;
  readonly isUsable: boolean;
}

/** A turn under way. One of `run` and `goOn` is called, once. */
export interface CodexTurn {
  /** `greet` is true for a process that was not spoken to yet. */
  run(open: Thread | null, greet: boolean): AsyncGenerator<AgentUpdate, AfterTurn>;
  /** Goes on with the turn that this mark is of. */
  goOn(mark: Mark): AsyncGenerator<AgentUpdate, AfterTurn>;
  steer(text: string): Promise<boolean>;
  answer(requestId: string, answer: PermissionAnswer): void;
  abort(): void;
  /** Resolves when Codex has ended the turn, or the process is gone. */
  readonly over: Promise<void>;
}

/** A sentence when Codex refused something that the turn needs; null when it was cut short or the process ended. */
type Result = Thread | string | null;
type Reading = AsyncGenerator<Received>;

export function createCodexTurn({ connection, turn, timer, bounds, version, policy, taken }: Needs): CodexTurn {
  const inbox = createTurnInbox(connection, taken);
  let guard: TurnCut | null = null;
  let isStopping = false;
  let tellOver = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    tellOver = resolve;
  });

  /** Whether the process waits for another turn: Codex has ended this one by itself, if only when it was interrupted. */
  function isWarm(): boolean {
    return !isStopping && inbox.reader.outcome !== null;
  }

  function interrupt(): boolean {
    inbox.desk.cancel();
    const { thread, reader } = inbox;
    if (thread === null || reader.turnId === null) return false;
    connection.request('turn/interrupt', { threadId: thread.id, turnId: reader.turnId });
    return true;
  }

  async function* call(reading: Reading, method: string, params: unknown): AsyncGenerator<AgentUpdate, Answer> {
    const id = connection.request(method, params);
    const seconds = String(Math.ceil(bounds.answerMs / 1_000));
    const inTime = guard?.deadline(bounds.answerMs, `Codex did not answer ${method} within ${seconds} s.`);
    try {
      for (;;) {
        const next = await reading.next();
        if (next.done === true) return null;
        if (next.value.kind === 'response' && next.value.id === id) return next.value;
        yield* inbox.take(next.value);
      }
    } finally {
      inTime?.();
    }
  }

  /** Reads until the turn is over or the process is gone. `asked` carries the prompt. */
  async function* follow(reading: Reading, asked: RequestId): AsyncGenerator<AgentUpdate, string | null> {
    let inTime: (() => void) | undefined;
    for (;;) {
      const next = await reading.next();
      if (next.done === true) return null;
      const received = next.value;
      if (received.kind === 'response' && received.id === asked) {
        if (received.error !== null) return `Codex does not take the prompt: ${received.error.message}`;
        const begun = Begun.safeParse(received.result);
        if (begun.success) inbox.reader.begun(begun.data.turn.id);
      } else yield* inbox.take(received);
      const { outcome, isIdle } = inbox.reader;
      if (outcome !== null) return null;
      if (isIdle) inTime ??= guard?.deadline(bounds.endMs, 'Codex rests, but did not say how the turn ended.');
      else {
        inTime?.();
        inTime = undefined;
      }
    }
  }

  async function endOf(result: Result, { cut }: TurnCut): Promise<TurnEnd> {
    if (typeof result === 'string' && cut === null) {
      return failedEnd({ code: 'failed', message: result }, await connection.process.stop());
    }
    // A tool that is just dying gets no grace: that it will be gone is not proven.
    if (cut !== null && isWarm() && (await connection.process.hasGrown())) isStopping = true;
    const { resetsAt } = inbox;
    const { outcome, answer } = inbox.reader;
    return turnEnd(connection.process, { cut, outcome, answer, resetsAt, isWarm: isWarm() });
  }

  /** Reads the output within `act`, and ends the turn whatever happens. */
  async function* within(
    act: (reading: Reading) => AsyncGenerator<AgentUpdate, Result>,
  ): AsyncGenerator<AgentUpdate, AfterTurn> {
    const stopReading = new AbortController();
    const reading = connection.read(stopReading.signal);
    const stopProcess = () => {
      isStopping = true;
      void connection.process.stop();
    };
    using watch = createTurnCut({ turn, timer, interruptMs: bounds.interruptMs, interrupt, stopProcess });
    guard = watch;
    let isOver = false;
    try {
      const result = yield* act(reading);
      tellOver();
      const end = await endOf(result, watch);
      isOver = true;
      yield { type: 'turn_end', end };
      const isUsable = isWarm();
      return { thread: isUsable ? inbox.thread : null, isUsable };
    } finally {
      inbox.close();
      tellOver();
      stopReading.abort();
      await reading.return(undefined);
      // Whoever stops reading does not want the turn any more.
      if (!isOver) await connection.process.stop();
    }
  }

  function* announce(mark: Mark): Generator<AgentUpdate> {
    const { threadId: providerSessionId, version: agentVersion, resumed } = mark;
    inbox.begin({ id: providerSessionId, model: mark.model, version: agentVersion });
    yield { type: 'session', source: 'codex', providerSessionId, cwd: turn.workspace, agentVersion, resumed };
    yield { type: 'mark', mark: writeMark(mark) };
  }

  async function* greetings(ask: (method: string, params: unknown) => AsyncGenerator<AgentUpdate, Answer>) {
    const greeted = yield* ask('initialize', greeting(version));
    if (greeted === null) return null;
    if (greeted.error !== null) return `Codex refuses to begin: ${greeted.error.message}`;
    connection.notify('initialized');
    return undefined;
  }

  return {
    over,
    run: (open, greet) =>
      within(async function* (reading) {
        const ask = (method: string, params: unknown) => call(reading, method, params);
        const refused = greet ? yield* greetings(ask) : undefined;
        if (refused !== undefined) return refused;
        const opening = yield* openThread(ask, turn, open, policy);
        if (opening === null || typeof opening === 'string') return opening;
        const { thread, resumed, lead } = opening;
        // What it needs for itself, such as MCP servers, may have been started for the conversation.
        if (greet) await connection.process.settle();
        const asked = connection.newId();
        const { id: threadId, model, version: agentVersion } = thread;
        const at = { process: connection.number, from: connection.cursor, sent: connection.process.sent() };
        yield* announce({ ...at, lead, request: asked, threadId, model, version: agentVersion, resumed });
        // Told by a call, because it may have been cut short while the mark was stored.
        if (isCut()) return null;
        connection.requestAs(asked, 'turn/start', promptOf(threadId, turn, lead));
        return (yield* follow(reading, asked)) ?? thread;
      }),
    goOn: (mark) =>
      within(async function* (reading) {
        yield* announce(mark);
        // The prompt is the first line after the mark. One that has ended is sent nothing: its output shows its end.
        const isUnsent = connection.process.sent() === mark.sent && !isCut();
        if (isUnsent) connection.requestAs(mark.request, 'turn/start', promptOf(mark.threadId, turn, mark.lead));
        return yield* follow(reading, mark.request);
      }),
    steer(text) {
      const { thread, reader } = inbox;
      if (thread === null || reader.turnId === null || reader.outcome !== null || isCut())
        return Promise.resolve(false);
      const params = { threadId: thread.id, expectedTurnId: reader.turnId, input: [{ type: 'text', text }] };
      return inbox.steered(connection.request('turn/steer', params));
    },
    answer: (requestId, given) => inbox.desk.answer(requestId, given),
    abort: () => guard?.abort(),
  };

  function isCut(): boolean {
    return guard !== null && guard.cut !== null;
  }
}

function promptOf(threadId: string, { prompt, workspace }: Turn, lead: string): object {
  return { threadId, cwd: workspace, input: [{ type: 'text', text: `${lead}${prompt}` }] };
}
