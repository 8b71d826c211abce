import type { Cut } from '../../../application/agent/turn-cut.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timer } from '../../../application/ports/timer.js';
import { type Asked, controlRequest, permissionAnswer, refusal } from './control.js';
import type { ClaudeLimits } from './limits.js';
import type { TurnReader } from './turn-reader.js';

interface Hearing {
  readonly process: AgentProcess;
  /** The byte of the output where the turn begins. */
  readonly from: number;
  readonly reader: TurnReader;
  readonly cut: Cut;
  /** Requests for leave that wait; those that are still there at the cut are denied. */
  readonly pending: Map<string, Asked>;
  /** Calls and requests that were decided before the output is read again: they are not asked anew. */
  readonly decided: ReadonlySet<string>;
  readonly limits: ClaudeLimits;
  readonly timer: Timer;
  onVersion(version: string): void;
}

const CUT_SHORT = 'The turn was cut short.';

/** Reads a turn until it is over, its process has ended, or an interrupt was not heeded in time. */
export async function* hearTurn(hearing: Hearing): AsyncGenerator<AgentUpdate> {
  const { process, from, reader, cut, pending, decided, limits, timer } = hearing;
  const reading = new AbortController();
  let callOff: () => void = () => undefined;
  const endIn = (ms: number) => {
    callOff();
    callOff = timer(ms, () => reading.abort());
  };
  // A process that takes no line any more has ended, which its output shows.
  const send = (line: string) => void process.send(line).catch(() => undefined);
  cut.then(() => {
    for (const asked of pending.values()) send(permissionAnswer(asked, { behavior: 'deny', message: CUT_SHORT }));
    pending.clear();
    send(controlRequest('interrupt').line);
    endIn(limits.interruptMs);
  });
  try {
    for await (const { message } of process.messages(from, reading.signal)) {
      const { updates, asked, refuse, withdrawn, version } = reader.read(message);
      if (version !== undefined) hearing.onVersion(version);
      if (refuse !== undefined) send(refusal(refuse));
      if (withdrawn !== undefined) pending.delete(withdrawn);
      if (asked !== undefined && (decided.has(asked.requestId) || decided.has(asked.toolUseId ?? ''))) {
        // Told all the same: what is kept of it is to be ended with the turn.
        yield* updates;
        yield { type: 'permission_over', requestId: asked.requestId };
        continue;
      }
      if (asked !== undefined && cut.reason() !== null) {
        send(permissionAnswer(asked, { behavior: 'deny', message: CUT_SHORT }));
        continue;
      }
      if (asked !== undefined) pending.set(asked.requestId, asked);
      yield* updates;
      if (reader.state() === 'over') return;
      if (cut.reason() !== null) {
        // The interrupt has ended it; what may follow is of no interest any more.
        if (reader.result() !== null) return;
      } else if (reader.state() === 'settling') endIn(limits.settleMs);
      else callOff();
    }
  } finally {
    callOff();
    cut.then(() => undefined);
  }
}
