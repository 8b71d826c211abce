import type { SessionId } from '../shared/id.js';
import type { DeadLetter } from './dead-letter.js';
import type { SessionSpend, Spend } from './spend.js';

/** What the model that distils has cost, and where it has failed. */
export interface ModelLedgerReader {
  /** What was spent on a UTC day, counted from 1970. */
  spentOn(day: number): Promise<Spend>;
  /** What was ever spent on a session. */
  spentIn(sessionId: SessionId): Promise<Spend>;
  /** Up to `limit` dead letters, of one session or of all. */
  deadLetters(sessionId: SessionId | null, limit: number): Promise<DeadLetter[]>;
  countDeadLetters(): Promise<number>;
}

export interface ModelLedger extends ModelLedgerReader {
  spend(spent: SessionSpend): Promise<void>;
  /** Takes the place of one with the same first tool use. */
  keepDeadLetter(letter: DeadLetter): Promise<void>;
  removeDeadLetter(letter: DeadLetter): Promise<void>;
}
