import { setTimeout } from 'node:timers/promises';
import type { ProcessTable } from './process-table.js';
import { isShortage } from './shortage.js';

/** Pause before a look is tried again that found no descriptor, in milliseconds; clients come and go faster. */
const AGAIN_MS = 50;

/**
 * A process table that waits while descriptors are short. A sweep that gave up then would leave processes behind, and
 * one that took what it cannot see for gone would say that none are.
 */
export function createPatientProcessTable(table: ProcessTable): ProcessTable {
  return {
    identify: (pid) => patiently(() => table.identify(pid)),
    list: (marks) => patiently(() => table.list(marks)),
    alive: (identities) => patiently(() => table.alive(identities)),
    signal: (identities, signal) => patiently(() => table.signal(identities, signal)),
  };
}

async function patiently<T>(look: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!isShortage(error)) throw error;
      await setTimeout(AGAIN_MS);
    }
  }
}
