import { RequestError } from '@agentclientprotocol/sdk';
import { TooLate } from '../../../application/agent/turn-cut.js';
import { failedTurn } from '../../../application/agent/turn-ends.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import { UnknownVersion } from './open-conversation.js';
import { crashedTurn, refusedTurn } from './turn-ends.js';

interface Attempt {
  /** The profile's name. */
  readonly name: string;
  /** What it was waited for, in milliseconds. */
  readonly openMs: number;
  /** The process, ended by now; null when none was started. */
  readonly process: AgentProcess | null;
  readonly receipt: StopReceipt;
  readonly now: Timestamp;
}

/** The end of a turn that could not begin, by what was thrown. */
export async function notBegun(error: unknown, attempt: Attempt): Promise<AgentUpdate[]> {
  const { name, openMs, process, receipt, now } = attempt;
  const failed = (code: 'failed' | 'usage', message: string) => [failedTurn({ code, message }, receipt)];
  if (error instanceof TooLate) {
    const seconds = String(openMs / 1_000);
    return failed('failed', `${name} was not ready within ${seconds} s. See whether it starts in a terminal.`);
  }
  if (error instanceof UnknownVersion) return failed('usage', error.message);
  // One that has ended while it was spoken to takes no more, and has crashed.
  if (error instanceof DomainError && process === null) return failed('failed', error.message);
  if (error instanceof RequestError) {
    const { code, message, data } = error;
    return refusedTurn(name, { code, message, data }, now, receipt);
  }
  if (process !== null) return [await crashedTurn(name, process, { atStart: true })];
  return failed('failed', `${name} could not be started (${messageOf(error)}).`);
}
