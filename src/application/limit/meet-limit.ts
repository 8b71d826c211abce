import type { LimitKind } from '../../domain/limit/limit-gate.js';
import { closeGate, isClosed } from '../../domain/limit/limit-gate-transitions.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Task } from '../../domain/task/task.js';
import type { Stores } from '../ports/transaction.js';
import type { Accounts } from './open-gates.js';

/** What an agent told of a limit. */
export interface ToldLimit {
  readonly kind: LimitKind;
  readonly reason: string;
  readonly resetsAt: Timestamp | null;
}

/**
 * Closes the account of a task's agent, which has reached a limit. Returns until when the task has to wait: for its
 * account or that of its fallback, whichever opens first.
 */
export async function meetLimit(
  { limits, events }: Pick<Stores, 'limits' | 'events'>,
  accounts: Accounts,
  { agent, fallback }: Pick<Task, 'agent' | 'fallback'>,
  told: ToldLimit,
  now: Timestamp,
): Promise<Timestamp> {
  const account = accounts.accountOf(agent);
  const { state: gate, events: facts } = closeGate(await limits.find(account), { ...told, account }, now);
  await limits.save(gate);
  await events.append(facts);
  if (fallback === null) return gate.closedUntil;
  const other = await limits.find(accounts.accountOf(fallback));
  return other !== undefined && isClosed(other, now) ? Math.min(gate.closedUntil, other.closedUntil) : now;
}
