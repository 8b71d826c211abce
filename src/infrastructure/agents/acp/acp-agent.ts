import { methods } from '@agentclientprotocol/sdk';
import { type Cut, createCut, within } from '../../../application/agent/turn-cut.js';
import { cutTurn, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess, AgentProcesses, AgentProcessRequest } from '../../../application/ports/agent-process.js';
import type { PermissionAnswer, RunningAgent, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Clock } from '../../../application/ports/clock.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { type AcpConnection, connectAcp } from './acp-connection.js';
import { hearTurn } from './hear-turn.js';
import type { AcpLimits } from './limits.js';
import { type LiveAgent, useSession } from './live-agent.js';
import { type Mark, writeMark } from './mark.js';
import { notBegun } from './not-begun.js';
import { handshake } from './open-conversation.js';
import { openTurn } from './open-turn.js';
import { createPermissions } from './permissions.js';
import { readBack } from './read-back.js';
import { createTurnReader } from './turn-reader.js';

/** After a takeover request ids jump by so much: those between the last mark and the server's end are unknown. */
const ID_JUMP = 1_000_000;

export interface AcpAgentNeeds {
  readonly agentProcesses: AgentProcesses;
  readonly timer: Timer;
  readonly clock: Clock;
  /** Of Codewalkers, told to agents. */
  readonly version: string;
  readonly limits: AcpLimits;
}

/** How to start an agent; all but where it works and the number of its process. */
export interface AcpProgram extends Omit<AgentProcessRequest, 'number' | 'cwd'> {
  /** The profile's name. */
  readonly name: string;
  /** The kind of agent, as its hooks name it. */
  readonly source: string;
}

/** What an earlier server has left running. */
export interface TakenOver {
  readonly process: AgentProcess;
  readonly mark: Mark;
}

/** An agent that keeps its process between turns, and any number of conversations in it. */
export function createAcpAgent(needs: AcpAgentNeeds, program: AcpProgram, takenOver: TakenOver | null): RunningAgent {
  const { agentProcesses, timer, clock, limits } = needs;
  const { name, source } = program;
  let number = takenOver?.mark.process ?? 0;
  let left = takenOver;
  let live: LiveAgent | null = null;
  let process: AgentProcess | null = takenOver?.process ?? null;
  let starting: Promise<AgentProcess> | null = null;
  let active: Cut | null = null;
  let stopped: Promise<StopReceipt> | null = null;
  /** True once leave was denied in the turn. */
  let denied = false;

  function keep(next: LiveAgent): LiveAgent {
    live = next;
    void next.connection.process.ended.then(() => {
      if (live === next) live = null;
    });
    return next;
  }

  function connectTo(mark: Mark, from: number, answered?: ReadonlySet<string>): LiveAgent {
    const firstId = mark.promptId + ID_JUMP;
    const owned = process as AgentProcess;
    const connection = connectAcp({ process: owned, number, from, firstId, answered });
    return keep({ number, connection, handshake: mark.handshake, sessions: new Map(mark.sessions) });
  }

  /** The process, started and greeted. */
  async function ready(cwd: string): Promise<LiveAgent> {
    if (left !== null) {
      const { mark } = left;
      left = null;
      return connectTo(mark, await (process as AgentProcess).size());
    }
    if (live !== null) return live;
    number += 1;
    starting = agentProcesses.start({ ...program, number, cwd });
    process = await starting;
    starting = null;
    const connection = connectAcp({ process, number, from: 0, firstId: 1 });
    return keep({
      number,
      connection,
      handshake: await handshake(connection.agent, name, needs.version),
      sessions: new Map(),
    });
  }

  /** The process; one that is just being started is waited for, so that it cannot get away. */
  async function running(): Promise<AgentProcess | null> {
    return (await starting?.catch(() => null)) ?? process;
  }

  async function end(): Promise<StopReceipt> {
    const ending = await running();
    live?.connection.close();
    live = null;
    left = null;
    process = null;
    return (await ending?.stop()) ?? NOTHING;
  }

  /** Ends the process of a turn that could not begin: the next turn starts another. */
  async function giveUp(error: unknown, cut: Cut, { timeoutMs }: Turn): Promise<AgentUpdate[]> {
    const reason = cut.reason();
    const broken = await running();
    const receipt = await end();
    if (reason !== null) return [cutTurn(reason, timeoutMs, receipt)];
    return notBegun(error, { name, openMs: limits.openMs, process: broken, receipt, now: clock() });
  }

  async function* begin(turn: Turn, cut: Cut): AsyncGenerator<AgentUpdate> {
    let opened: Awaited<ReturnType<typeof openIn>>;
    try {
      opened = await within(openIn(turn), limits.openMs, cut, timer);
    } catch (error) {
      yield* await giveUp(error, cut, turn);
      return;
    }
    const { agent, session, resumed, note, prompt } = opened;
    const { connection } = agent;
    useSession(agent, turn.conversation.sessionId, session);
    const ear = connection.listen();
    try {
      const mark: Mark = {
        ...{ v: 1, process: number, handshake: agent.handshake, sessions: [...agent.sessions] },
        ...{ promptId: connection.nextId(), sent: connection.process.sent(), from: ear.from },
        ...{ session, resumed, note },
      };
      yield* told(mark);
      const reason = cut.reason();
      if (reason !== null) {
        yield cutTurn(reason, turn.timeoutMs);
        return;
      }
      const params = { sessionId: session.id, prompt: [{ type: 'text', text: prompt }] };
      // Its answer is found in the output, where a takeover finds it too; an agent that takes none is gone.
      connection.agent.request(methods.agent.session.prompt as string, params).catch(() => undefined);
      yield* hear(turn, cut, agent, ear, mark);
    } finally {
      ear.close();
    }
  }

  async function openIn(turn: Turn) {
    const isFirst = live === null && left === null;
    const agent = await ready(turn.workspace);
    const opened = await openTurn(agent, turn, timer);
    // What it needs for itself, such as MCP servers, may have been started for the conversation.
    if (isFirst) await agent.connection.process.settle();
    return { agent, ...opened };
  }

  /** What stands at the begin of a turn, also when it is told again. */
  function* told(mark: Mark): Generator<AgentUpdate> {
    const { session, resumed, note, handshake: said } = mark;
    const about = { providerSessionId: session.id, cwd: session.cwd, agentVersion: said.version, resumed };
    yield { type: 'session', source, ...about };
    yield { type: 'mark', mark: writeMark(mark) };
    if (note !== null) yield { type: 'progress', message: note, fraction: null };
  }

  async function* hear(
    turn: Turn,
    cut: Cut,
    agent: LiveAgent,
    ear: ReturnType<AcpConnection['listen']>,
    mark: Mark,
    answered?: ReadonlySet<string>,
  ): AsyncGenerator<AgentUpdate> {
    const { session, promptId } = mark;
    const reader = createTurnReader(session.usage);
    denied = false;
    const heard = { name, connection: agent.connection, ear, sessionId: session.id, promptId, reader, cut, answered };
    const limitsOfTurn = { timeoutMs: turn.timeoutMs, limits, denied: () => denied };
    for await (const update of hearTurn({ ...heard, ...limitsOfTurn }, { timer, clock })) {
      if (update.type === 'turn_end') {
        const usage = reader.usage();
        useSession(agent, turn.conversation.sessionId, { ...session, usage });
        // The next turn counts from here, and may be that of another server.
        if (usage !== session.usage)
          yield { type: 'mark', mark: writeMark({ ...mark, sessions: [...agent.sessions] }) };
      }
      yield update;
    }
  }
  async function* again(turn: Turn, cut: Cut): AsyncGenerator<AgentUpdate> {
    if (left === null) throw new Error('A turn is gone on with only right after its agent was taken over.');
    const { mark, process: taken } = left;
    const { begun, answered } = await readBack(taken, mark, createPermissions(number).nameOf, timer);
    left = null;
    if (!begun) {
      // Nothing shows that the prompt was sent, so nothing was done: it is said anew, to a process that surely has not heard it.
      await end();
      yield* begin(anew(turn, mark), cut);
      return;
    }
    const agent = connectTo(mark, mark.from, answered);
    const ear = agent.connection.listen();
    try {
      yield* told(mark);
      yield* hear(turn, cut, agent, ear, mark, answered);
    } finally {
      ear.close();
    }
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
    active = cut;
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
    active?.now('aborted');
    const ending = await running();
    // Not waited for: one whose input cannot be closed is ended all the same.
    ending?.closeInput().catch(() => undefined);
    return (await ending?.stop()) ?? NOTHING;
  }

  return {
    prompt: (turn) => run(turn, begin),
    resume: (turn) => run(turn, again),
    async answer(requestId: string, answer: PermissionAnswer) {
      if (answer.behavior === 'deny') denied = true;
      live?.connection.permissions.answer(requestId, answer);
      await Promise.resolve();
    },
    isWarm: () => live !== null || left !== null,
    stop: () => (stopped ??= stop()),
  };
}

/** A turn whose conversation had begun with it is told to begin one once more: nothing was said in the first. */
function anew(turn: Turn, { resumed, note }: Mark): Turn {
  if (resumed || note !== null) return turn;
  return { ...turn, conversation: { ...turn.conversation, providerSessionId: null } };
}
