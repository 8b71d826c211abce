import type { LimitGate } from './limit-gate.js';

export interface LimitGateReader {
  /** The gates of all accounts that are not open, by the names of the accounts. */
  all(): Promise<LimitGate[]>;
  find(account: string): Promise<LimitGate | undefined>;
}

export interface LimitGateRepository extends LimitGateReader {
  /** Adds a gate, or takes the place of the one that the account has. */
  save(gate: LimitGate): Promise<void>;
  remove(account: string): Promise<void>;
}
