import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Clock } from '../../../application/ports/clock.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { AcpLimits } from './limits.js';
import { lastModelError } from './model-error.js';
import type { RpcError } from './received.js';
import { refusal } from './refusal.js';

/** A refusal may be in the log so long before the agent's last word is heard, in milliseconds; it asks again after 2 s at the soonest. */
const LAG_MS = 1_000;

/** An agent that tells nothing in its turn, while no tool of it runs. */
export interface Silence {
  /** Something was told just now. `works` tells whether a tool runs, or leave is waited for. */
  broken(works: boolean): void;
  /** Why the turn is given up; null while there is no reason. */
  reason(): RpcError | null;
  close(): void;
}

interface Watched {
  /** The profile's name. */
  readonly name: string;
  readonly process: AgentProcess;
  /** The agent's own id of the conversation. */
  readonly sessionId: string;
  readonly limits: Pick<AcpLimits, 'silenceMs' | 'retryMs'>;
  /** Called once, when the agent's log says that it asks its model in vain. */
  readonly giveUp: () => void;
}

/**
 * Looks into the log of an agent that has become silent. A limit, or a fault that only a person can mend, ends the turn:
 * the queue knows better when to try again. Any other fault of the model may pass, and is waited out for a while.
 */
export function watchSilence(watched: Watched, { timer, clock }: { timer: Timer; clock: Clock }): Silence {
  const { name, process, sessionId, limits, giveUp } = watched;
  const begunAt = clock();
  let heardAt = begunAt;
  let isAtWork = false;
  let isOver = false;
  let reason: RpcError | null = null;
  let callOff = timer(limits.silenceMs, look);

  function look(): void {
    const silentMs = clock() - heardAt;
    if (isAtWork || silentMs < limits.silenceMs) {
      callOff = timer(isAtWork ? limits.silenceMs : limits.silenceMs - silentMs, look);
      return;
    }
    void process
      .errorTail()
      // A log that cannot be read says nothing.
      .catch(() => '')
      .then((log) => judge(lastModelError(log, sessionId, Math.max(begunAt, heardAt - LAG_MS)), silentMs));
  }

  function judge(said: string | null, silentMs: number): void {
    if (isOver) return;
    const error = said === null ? null : { code: 0, message: said };
    const isFinal = error !== null && refusal(name, error, clock()).code !== 'failed';
    if (error === null || !(isFinal || silentMs >= limits.retryMs)) {
      callOff = timer(limits.silenceMs, look);
      return;
    }
    reason = error;
    giveUp();
  }

  return {
    broken(works) {
      heardAt = clock();
      isAtWork = works;
    },
    reason: () => reason,
    close() {
      isOver = true;
      callOff();
    },
  };
}
