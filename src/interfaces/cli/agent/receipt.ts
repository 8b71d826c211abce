import type { StopReceipt } from '../../../domain/agent/agent.js';

/** What a stop did, in a few words: `3 processes ended, none left`. */
export function describeReceipt({ ended, left }: StopReceipt): string {
  const processes = `${String(ended)} ${ended === 1 ? 'process' : 'processes'} ended`;
  return `${processes}, ${left === 0 ? 'none' : String(left)} left`;
}
