import { startCold } from './cold-start.js';
import { runOutOfDescriptors } from './descriptors.js';
import { startWhileDraining } from './draining.js';
import { meetFrozenServer } from './frozen.js';
import { stopWhileBusy } from './graceful.js';
import { callWhileKilled } from './killing.js';
import { soakWithEvents } from './many-events.js';
import type { Proof } from './proof.js';
import { endWhileStarting } from './signals.js';
import { startByCalls, startByCommands } from './starters.js';
import { upgradeAtOnce } from './upgrade.js';

/** The long form of every proof, by name. */
export const PROOFS: Readonly<Record<string, () => Promise<Proof>>> = {
  'start: 50 commands at once × 10': () => startByCommands({ atOnce: 50, rounds: 10 }),
  'start: 200 starters at once in 4 processes × 10': () => startByCalls({ atOnce: 200, processes: 4, rounds: 10 }),
  'replace: 20 newer and 5 older commands, 3 streams × 10': () => upgradeAtOnce({ newer: 20, older: 5, rounds: 10 }),
  'kill: every 0.6 s during 300 calls of 8 clients': () => callWhileKilled({ calls: 300, clients: 8 }),
  'drain: 3 commands while the server ends × 50': () => startWhileDraining({ commands: 3, rounds: 50 }),
  'frozen: SIGSTOP for 30 s': () => meetFrozenServer({ frozenMs: 30_000 }),
  'descriptors: 300 connections where 128 files may be open': () =>
    runOutOfDescriptors({ limit: 128, connections: 300 }),
  'stop: 5 streams, a call that never ends, an agent that stays': () => stopWhileBusy(),
  'signal: SIGTERM at 20 moments of a start': () => endWhileStarting({ moments: 20 }),
  'cold: start with nothing stored × 5': () => startCold({ rows: 10, starts: 5 }),
  'cold: start with 1,000,000 tasks, observations and events × 5': () => startCold({ rows: 1_000_000, starts: 5 }),
  'soak: 1,000,000 events, 1,000 connects': () =>
    soakWithEvents({ events: 1_000_000, connects: 1_000, idleMs: 60_000 }),
};
