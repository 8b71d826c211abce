import { setTimeout as wait } from 'node:timers/promises';
import { fetchHealth } from '../../../src/interfaces/client/client.js';

/** Pause between two looks, in milliseconds. */
const PAUSE_MS = 5;

/** What somebody saw who asked a socket for /health again and again. */
export interface HealthWatch {
  /** Every server that answered, in the order of their first answer. */
  readonly instances: readonly string[];
  /** Longest time from one `ok` to the next one, in milliseconds: for so long nobody was there to take work. */
  readonly longestGapMs: number;
  /** Longest time that an answer took, or its absence lasted, in milliseconds. */
  readonly longestSilenceMs: number;
}

/** Watches until `stop` is called, which says what was seen. The first `ok` is waited for. */
export async function watchHealth(socketPath: string): Promise<{ stop(): Promise<HealthWatch> }> {
  const instances = new Set<string>();
  let stopped = false;
  const isStopped = () => stopped;
  let [longestGapMs, longestSilenceMs] = [0, 0];
  let lastOk: number | undefined;
  let lastAnswer: number | undefined;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });

  async function look(): Promise<void> {
    while (!isStopped()) {
      const seen = await fetchHealth({ socketPath });
      const now = performance.now();
      if (seen.found) {
        instances.add(seen.health.instanceId);
        longestSilenceMs = Math.max(longestSilenceMs, now - (lastAnswer ?? now));
        lastAnswer = now;
        if (seen.health.status === 'ok') {
          longestGapMs = Math.max(longestGapMs, now - (lastOk ?? now));
          lastOk = now;
          begin();
        }
      }
      await wait(PAUSE_MS);
    }
  }

  const looking = look();
  await begun;
  return {
    async stop() {
      stopped = true;
      await looking;
      return { instances: [...instances], longestGapMs, longestSilenceMs };
    },
  };
}
