import type { Slots } from '../../src/application/task/claim-tasks.js';
import { encodeId } from '../../src/domain/shared/id.js';

/** Places for this many tasks that no agent fills, and groups whose agents are still being ended. */
export function openSlots(max: number): Slots & { readonly ending: string[]; free(): number; give(): void } {
  let taken = 0;
  let agents = 0;
  const ending: string[] = [];
  return {
    ending,
    free: () => max - taken,
    fullWorkspaces: () => [],
    groups: () => ending,
    reserve() {
      taken += 1;
      agents += 1;
      return encodeId('agent', agents);
    },
    cancel() {
      taken -= 1;
    },
    give() {
      taken -= 1;
    },
  };
}
