import { methods } from '@agentclientprotocol/sdk';
import type { Cut } from '../../../application/agent/turn-cut.js';
import { cutTurn, NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Clock } from '../../../application/ports/clock.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import type { AcpConnection, Ear, Heard } from './acp-connection.js';
import type { AcpLimits } from './limits.js';
import type { RpcId } from './received.js';
import { watchSilence } from './silence.js';
import { answeredTurn, crashedTurn, refusedTurn } from './turn-ends.js';
import type { TurnReader } from './turn-reader.js';

/** A turn whose prompt has been sent. */
export interface RunningTurn {
  readonly name: string;
  readonly connection: AcpConnection;
  readonly ear: Ear;
  /** The agent's own id of the conversation. */
  readonly sessionId: string;
  readonly promptId: number;
  readonly reader: TurnReader;
  readonly cut: Cut;
  readonly timeoutMs: number;
  readonly limits: AcpLimits;
  /** True once somebody has denied leave. */
  readonly denied: () => boolean;
  /** Leave that was answered before a takeover. */
  readonly answered?: ReadonlySet<string> | undefined;
}

interface Needs {
  readonly timer: Timer;
  readonly clock: Clock;
}

/** Tells what is heard of a turn, to its end. The process is gone by then, or ready for the next turn. */
export async function* hearTurn(turn: RunningTurn, { timer, clock }: Needs): AsyncGenerator<AgentUpdate> {
  const { connection, ear, cut, reader, name, limits, sessionId } = turn;
  const { permissions, process } = connection;
  let callOff: () => void = () => undefined;

  const cancel = () => {
    callOff();
    permissions.cancelAll();
    // One that cannot be told is gone, and is heard to be.
    connection.agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined);
    callOff = timer(limits.cancelMs, () => void process.stop());
  };
  const silence = watchSilence({ name, process, sessionId, limits, giveUp: cancel }, { timer, clock });
  cut.then(cancel);

  try {
    for (;;) {
      const heard = await ear.next();
      if (heard.kind === 'gone') {
        yield* closing(turn, undefined);
        const [reason, vain] = [cut.reason(), silence.reason()];
        if (reason !== null) yield cutTurn(reason, turn.timeoutMs, await process.stop());
        else if (vain !== null) yield* refusedTurn(name, vain, clock(), await process.stop());
        else yield await crashedTurn(name, process, { atStart: false });
        return;
      }
      if (heard.kind === 'response' && heard.id === turn.promptId) {
        callOff();
        yield* closing(turn, heard.result);
        const [reason, vain] = [cut.reason(), silence.reason()];
        if (reason !== null) yield cutTurn(reason, turn.timeoutMs, await endIfGrown(process));
        else if (vain !== null) yield* refusedTurn(name, vain, clock(), await endIfGrown(process));
        else if (heard.error !== null) yield* refusedTurn(name, heard.error, clock());
        else yield { type: 'turn_end', end: answeredTurn(name, heard.result, reader.result(), turn.denied()) };
        return;
      }
      yield* tell(turn, heard);
      silence.broken(reader.isWaiting());
    }
  } finally {
    silence.close();
    callOff();
    cut.then(() => undefined);
  }
}

/** A tool that is just dying gets no grace either: that it will be gone is not proven. */
async function endIfGrown(process: AgentProcess): Promise<StopReceipt> {
  return (await process.hasGrown()) ? process.stop() : NOTHING;
}

function* closing({ reader, connection }: RunningTurn, result: unknown): Generator<AgentUpdate> {
  for (const requestId of connection.permissions.cancelAll()) yield { type: 'permission_over', requestId };
  yield* reader.end(result);
}

function* tell(turn: RunningTurn, heard: Exclude<Heard, { kind: 'gone' }>): Generator<AgentUpdate> {
  const { reader, connection } = turn;
  const { permissions } = connection;
  switch (heard.kind) {
    case 'update':
      // Another conversation of the same process has no turn now.
      if (heard.sessionId === turn.sessionId) yield* reader.update(heard.update);
      return;
    case 'permission':
      yield* ask(turn, heard.id, heard.sessionId, heard.params);
      return;
    case 'withdrawn':
      if (permissions.withdraw(heard.id)) {
        yield { type: 'permission_over', requestId: permissions.nameOf(heard.id) };
      }
      return;
    case 'request':
      yield { type: 'unknown', kind: heard.method };
      return;
    case 'response':
      return;
    case 'unknown':
      yield { type: 'unknown', kind: heard.name };
      return;
  }
}

function* ask(turn: RunningTurn, id: RpcId, sessionId: string, params: unknown): Generator<AgentUpdate> {
  const { permissions } = turn.connection;
  const requestId = permissions.nameOf(id);
  const updates = sessionId === turn.sessionId ? turn.reader.permission(requestId, params) : null;
  if (updates === null) {
    permissions.withdraw(id);
    yield { type: 'unknown', kind: 'session/request_permission' };
    return;
  }
  yield* updates;
  if (turn.answered?.has(requestId) === true) yield { type: 'permission_over', requestId };
  // A turn that is being cut short asks nobody any more.
  else if (turn.cut.reason() !== null && permissions.withdraw(id)) yield { type: 'permission_over', requestId };
}
