import { type Cut, createCut, TooLate, within } from '../../../application/agent/turn-cut.js';
import { cutTurn, failedTurn, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess, AgentProcesses } from '../../../application/ports/agent-process.js';
import type { PermissionAnswer, RunningAgent, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import { type Asked, permissionAnswer, userMessage } from './control.js';
import { hearTurn } from './hear-turn.js';
import { holdProcess, type Opened, type TakenOver } from './held-process.js';
import type { ClaudeLimits } from './limits.js';
import { type Mark, writeMark } from './mark.js';
import type { ClaudeProgram } from './open-process.js';
import { readBack } from './read-back.js';
import { crashedTurn, isSuccess, resultTurn } from './turn-ends.js';
import { createTurnReader, type TurnReader } from './turn-reader.js';

const SOURCE = 'claude';

export interface ClaudeAgentNeeds {
  readonly agentProcesses: AgentProcesses;
  readonly timer: Timer;
  readonly limits: ClaudeLimits;
}

/** An agent that keeps its process for as long as its conversation goes on; another one gets a process of its own. */
export function createClaudeAgent(
  { agentProcesses, timer, limits }: ClaudeAgentNeeds,
  program: ClaudeProgram,
  takenOver: TakenOver | null,
): RunningAgent {
  const { name } = program;
  const pending = new Map<string, Asked>();
  let left = takenOver;
  let version = takenOver?.mark.version ?? null;
  const held = holdProcess(agentProcesses, program, takenOver);
  let active: { readonly cut: Cut; reader: TurnReader | null } | null = null;
  let stopped: Promise<StopReceipt> | null = null;

  async function end(): Promise<StopReceipt> {
    left = null;
    pending.clear();
    return held.end();
  }

  /** Why a turn could not begin. The process is ended: the next turn starts another. */
  async function notBegun(error: unknown, cut: Cut, timeoutMs: number): Promise<AgentUpdate> {
    const reason = cut.reason();
    const broken = await held.running();
    const receipt = await end();
    if (reason !== null) return cutTurn(reason, timeoutMs, receipt);
    if (error instanceof TooLate) {
      const seconds = String(limits.openMs / 1_000);
      const message = `${name} was not ready within ${seconds} s. See whether it starts in a terminal.`;
      return failedTurn({ code: 'failed', message }, receipt);
    }
    if (error instanceof DomainError) return failedTurn({ code: 'failed', message: error.message }, receipt);
    if (broken !== null) return crashedTurn(name, broken, 'before it was ready');
    return failedTurn({ code: 'failed', message: `${name} could not be started (${messageOf(error)}).` }, receipt);
  }

  async function* begin(turn: Turn, cut: Cut): AsyncGenerator<AgentUpdate> {
    left = null;
    const opening = new AbortController();
    let opened: Opened;
    try {
      opened = await within(held.openFor(turn, opening.signal), limits.openMs, cut, timer);
    } catch (error) {
      opening.abort();
      yield await notBegun(error, cut, turn.timeoutMs);
      return;
    }
    const { resumed, note } = opened;
    const { process: warm, number: numbered, cwd, sessionId, providerSessionId } = opened.live;
    const [from, sent] = [await warm.size(), warm.sent()];
    const mark: Mark = {
      ...{ v: 1, process: numbered, from, sent, sessionId, providerSessionId },
      ...{ cwd, version, resumed, note },
    };
    yield* told(mark);
    const reason = cut.reason();
    if (reason !== null) {
      yield cutTurn(reason, turn.timeoutMs);
      return;
    }
    // One that takes no prompt has ended, which its output shows.
    await warm.send(userMessage(opened.prompt)).catch(() => undefined);
    yield* hear(turn, cut, warm, mark, new Set());
  }

  /** What stands at the begin of a turn, also when it is told again. */
  function* told(mark: Mark): Generator<AgentUpdate> {
    const { providerSessionId, cwd, resumed, note, version: agentVersion } = mark;
    yield { type: 'session', source: SOURCE, providerSessionId, cwd, agentVersion, resumed };
    yield { type: 'mark', mark: writeMark(mark) };
    if (note !== null) yield { type: 'progress', message: note, fraction: null };
  }

  async function* hear(
    turn: Turn,
    cut: Cut,
    warm: AgentProcess,
    mark: Mark,
    decided: ReadonlySet<string>,
  ): AsyncGenerator<AgentUpdate> {
    const reader = createTurnReader();
    if (active !== null) active.reader = reader;
    const onVersion = (told: string) => {
      version = told;
    };
    const heard = hearTurn({ process: warm, from: mark.from, reader, cut, pending, decided, limits, timer, onVersion });
    let told = mark.version;
    for await (const update of heard) {
      if (version !== told) {
        told = version;
        const { providerSessionId, cwd, resumed } = mark;
        yield { type: 'session', source: SOURCE, providerSessionId, cwd, agentVersion: version, resumed };
      }
      yield update;
    }
    pending.clear();
    const result = reader.result();
    const reason = cut.reason();
    if (result !== null && (reason === null || isSuccess(result))) {
      yield* resultTurn(name, result, reader.resetsAt());
      return;
    }
    if (reason === null) {
      yield await crashedTurn(name, warm, 'in the middle of its turn');
      return;
    }
    // One that has heeded the interrupt, and has nothing more to say, waits for its next turn. A tool that is just dying
    // gets no grace: that it will be gone is not proven.
    const isWarm = result !== null && reader.state() === 'over' && !(await warm.hasGrown());
    yield cutTurn(reason, turn.timeoutMs, isWarm ? NOTHING : await end());
  }

  async function* again(turn: Turn, cut: Cut): AsyncGenerator<AgentUpdate> {
    if (left === null) throw new Error('A turn is gone on with only right after its agent was taken over.');
    const { mark, process: taken } = left;
    left = null;
    const { begun, decided } = await readBack(taken, mark, timer);
    if (!begun) {
      // Nothing shows that the prompt was sent: it is said anew, to a process that surely has not heard it.
      await end();
      yield* begin(anew(turn, mark), cut);
      return;
    }
    yield* told(mark);
    yield* hear(turn, cut, taken, mark, decided);
  }

  async function* run(
    turn: Turn,
    work: (turn: Turn, cut: Cut) => AsyncGenerator<AgentUpdate>,
  ): AsyncGenerator<AgentUpdate> {
    if (active !== null) throw new Error('An agent takes one turn at a time.');
    if (stopped !== null || turn.signal.aborted) {
      yield cutTurn('aborted', turn.timeoutMs, (await stopped) ?? NOTHING);
      return;
    }
    const cut = createCut(turn, timer);
    active = { cut, reader: null };
    let hasEnded = false;
    try {
      for await (const update of work(turn, cut)) {
        hasEnded = update.type === 'turn_end';
        yield update;
      }
    } finally {
      cut.close();
      // Whoever stops reading does not want the turn any more.
      if (!hasEnded) await end();
      active = null;
    }
  }

  async function stop(): Promise<StopReceipt> {
    active?.cut.now('aborted');
    const ending = await held.running();
    // One whose input cannot be closed is ended all the same.
    await ending?.closeInput().catch(() => undefined);
    return (await ending?.stop()) ?? NOTHING;
  }

  return {
    prompt: (turn) => run(turn, begin),
    resume: (turn) => run(turn, again),
    async steer(text) {
      const reader = active?.reader ?? null;
      const live = held.live();
      if (reader === null || live === null || active?.cut.reason() !== null || reader.state() !== 'working')
        return false;
      reader.expectMore();
      try {
        await live.process.send(userMessage(text));
        return true;
      } catch {
        // It has ended meanwhile.
        return false;
      }
    },
    async answer(requestId: string, answer: PermissionAnswer) {
      const asked = pending.get(requestId);
      if (asked === undefined) return;
      pending.delete(requestId);
      // One that has ended needs no answer any more.
      await held
        .live()
        ?.process.send(permissionAnswer(asked, answer))
        .catch(() => undefined);
    },
    isWarm: () => held.live() !== null,
    stop: () => (stopped ??= stop()),
  };
}

/** A turn whose conversation had begun with it is told to begin one once more: nothing was said in the first. */
function anew(turn: Turn, { resumed, note }: Mark): Turn {
  if (resumed || note !== null) return turn;
  return { ...turn, conversation: { ...turn.conversation, providerSessionId: null } };
}
