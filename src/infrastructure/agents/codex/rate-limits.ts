import { z } from 'zod';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';

/** `resetsAt` in seconds since 1970. */
const Window = z
  .object({ usedPercent: z.number().catch(0), resetsAt: z.number().nullish().catch(null) })
  .nullish()
  .catch(null);
const Snapshot = z.object({
  rateLimits: z.object({
    primary: Window,
    secondary: Window,
    rateLimitReachedType: z.string().nullish().catch(null),
  }),
});

type RateLimit = Extract<AgentUpdate, { type: 'rate_limit' }>;

/** What Codex tells of its account's limits. */
export interface RateLimits {
  /** The update that a notification is, when the account has reached a limit and this was not told yet. */
  take(params: unknown): RateLimit | null;
  /** The update for a turn that failed on a limit. */
  reached(message: string): RateLimit;
}

export function createRateLimits(): RateLimits {
  let resetsAt: Timestamp | null = null;
  let told: string | null = null;

  return {
    take(params) {
      const { success, data } = Snapshot.safeParse(params);
      if (!success) return null;
      const { primary, secondary, rateLimitReachedType: reached } = data.rateLimits;
      const windows = [primary, secondary].filter((window) => window !== null && window !== undefined);
      const used = windows.filter(({ usedPercent }) => usedPercent >= 100);
      if (used.length === 0 && (reached ?? null) === null) {
        [resetsAt, told] = [null, null];
        return null;
      }
      // Both must be open again; of a limit that is not one of them the nearest reset is the best guess.
      const resets = (used.length > 0 ? used : windows).flatMap((window) => window.resetsAt ?? []);
      const at = used.length > 0 ? Math.max(...resets) : Math.min(...resets);
      resetsAt = Number.isFinite(at) ? Math.round(at * 1_000) : null;
      const now = `${String(resetsAt)} ${reached ?? ''}`;
      if (told === now) return null;
      told = now;
      const which = reached === null || reached === undefined ? '' : ` (${reached.replaceAll('_', ' ')})`;
      return { type: 'rate_limit', resetsAt, message: `Codex has reached a limit of its account${which}.` };
    },
    reached: (message) => ({ type: 'rate_limit', resetsAt, message }),
  };
}
