import type { PermissionAnswer } from '../../../application/ports/agent-runtime.js';
import { CANCELLED, chosen, type PermissionOutcome, PermissionParams } from './permission.js';
import type { RpcId } from './received.js';

/** What one process has asked leave for and waits to hear. */
export interface Permissions {
  /** Names a request of this process for `RunningAgent.answer`. */
  readonly nameOf: (id: RpcId) => string;
  open(id: RpcId, params: unknown): void;
  /** Resolves with what the SDK answers. */
  outcome(id: RpcId): Promise<PermissionOutcome>;
  /** Drops an answer to what is not asked any more. */
  answer(requestId: string, answer: PermissionAnswer): void;
  /** The agent takes no answer any more; false when it had one. */
  withdraw(id: RpcId): boolean;
  /** Answers `cancelled` to all that is open, and names it. */
  cancelAll(): string[];
}

interface Pending {
  readonly params: unknown;
  readonly outcome: Promise<PermissionOutcome>;
  settle(outcome: PermissionOutcome): void;
}

export function createPermissions(process: number): Permissions {
  const pending = new Map<string, Pending>();
  // A string and a number that look alike are two ids.
  const nameOf = (id: RpcId) => `${String(process)}:${JSON.stringify(id)}`;

  function settle(name: string, outcome: PermissionOutcome): boolean {
    const one = pending.get(name);
    pending.delete(name);
    one?.settle(outcome);
    return one !== undefined;
  }

  return {
    nameOf,
    open(id, params) {
      const name = nameOf(id);
      // Asked twice under one id: both get the same answer.
      if (pending.has(name)) return;
      let hand: (outcome: PermissionOutcome) => void = () => undefined;
      const outcome = new Promise<PermissionOutcome>((resolve) => {
        hand = resolve;
      });
      pending.set(name, { params, outcome, settle: hand });
    },
    outcome: (id) => pending.get(nameOf(id))?.outcome ?? Promise.resolve(CANCELLED),
    answer(requestId, answer) {
      const { success, data } = PermissionParams.safeParse(pending.get(requestId)?.params);
      if (success) settle(requestId, chosen(data.options, answer));
    },
    withdraw: (id) => settle(nameOf(id), CANCELLED),
    cancelAll() {
      const names = [...pending.keys()];
      for (const name of names) settle(name, CANCELLED);
      return names;
    },
  };
}
