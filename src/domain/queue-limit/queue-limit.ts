import { z } from 'zod';
import type { Change } from '../shared/change.js';
import { WorkspaceId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import { GroupName, ProfileName } from '../task/task.js';

/** Most parts of the queue that may have a limit: each is looked at in every claim, at some 2 µs. */
export const MAX_QUEUE_LIMITS = 1_000;
/** Most tasks at once that a limit can name; more than any pool has. */
const MOST_AT_ONCE = 10_000;
/** Most starts that a rate can allow in its period: so many are kept for each. */
const MOST_STARTS = 1_000;
/** Longest period of a rate: 31 days, in milliseconds. */
const LONGEST_PERIOD_MS = 31 * 24 * 3_600_000;

function upTo(most: number, what: string) {
  const message = `${what} must be a whole number from 1 to ${String(most)}.`;
  return z.int(message).min(1, message).max(most, message);
}

/** The tasks of one agent profile, in one workspace, or of one group. */
export const QueuePart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), name: ProfileName }),
  z.object({ kind: z.literal('workspace'), name: WorkspaceId }),
  z.object({ kind: z.literal('group'), name: GroupName }),
]);
export type QueuePart = z.infer<typeof QueuePart>;

/** Never more than `count` starts within any window of `periodMs`. */
export const Rate = z.strictObject({
  count: upTo(MOST_STARTS, 'The count of a rate'),
  periodMs: upTo(LONGEST_PERIOD_MS, 'The period of a rate, in milliseconds,'),
});
export type Rate = z.infer<typeof Rate>;

/** What a limit may say beside a pause; null for what has no limit. */
export const Bounds = z.object({
  /** Most tasks in processing. */
  max: upTo(MOST_AT_ONCE, 'The most tasks at once').nullable(),
  rate: Rate.nullable(),
  /** Groups only: one task at a time, in queue order, each until it has finished. */
  exclusive: z.boolean(),
});
export type Bounds = z.infer<typeof Bounds>;

/** What the user has set for a part of the queue. */
export type QueueLimit = QueuePart & Bounds & { readonly paused: boolean };

const NO_BOUNDS: Bounds = { max: null, rate: null, exclusive: false };

type Named = { agent: string } | { workspaceId: string } | { group: string };

export type QueueLimitEvent =
  | { type: 'queue.paused' | 'queue.resumed'; at: Timestamp; data: Named }
  | { type: 'queue.limited'; at: Timestamp; data: Named & Bounds };

/** The part as nothing limits it. */
export function unlimited(part: QueuePart): QueueLimit {
  return { ...part, ...NO_BOUNDS, paused: false };
}

/** Whether it limits nothing, so that it need not be kept. */
export function isUnlimited({ paused, max, rate, exclusive }: QueueLimit): boolean {
  return !paused && max === null && rate === null && !exclusive;
}

/** Pauses or resumes a part; asking for what is so already changes and announces nothing. */
export function setPartPaused(limit: QueueLimit, paused: boolean, now: Timestamp): Change<QueueLimit, QueueLimitEvent> {
  if (limit.paused === paused) return { state: limit, events: [] };
  const type = paused ? 'queue.paused' : 'queue.resumed';
  return { state: { ...limit, paused }, events: [{ type, at: now, data: named(limit) }] };
}

/** Sets the bounds that are given and leaves the others; null takes all away. A pause stays. */
export function changeBounds(
  limit: QueueLimit,
  change: Partial<Bounds> | null,
  now: Timestamp,
): Change<QueueLimit, QueueLimitEvent> {
  const { max, rate, exclusive }: Bounds = change === null ? NO_BOUNDS : { ...limit, ...change };
  const isSame = limit.max === max && isSameRate(limit.rate, rate) && limit.exclusive === exclusive;
  if (isSame) return { state: limit, events: [] };
  const bounds: Bounds = { max, rate, exclusive };
  const fact = { type: 'queue.limited', at: now, data: { ...named(limit), ...bounds } } as const;
  return { state: { ...limit, ...bounds }, events: [fact] };
}

/** When a rate lets the next one start, whose newest `count` starts began at `oldest`; null when it does now. */
export function rateOpensAt({ periodMs }: Rate, oldest: Timestamp | null, now: Timestamp): Timestamp | null {
  return oldest === null || oldest + periodMs <= now ? null : oldest + periodMs;
}

function isSameRate(one: Rate | null, other: Rate | null): boolean {
  return one?.count === other?.count && one?.periodMs === other?.periodMs;
}

function named({ kind, name }: QueuePart): Named {
  switch (kind) {
    case 'agent':
      return { agent: name };
    case 'workspace':
      return { workspaceId: name };
    case 'group':
      return { group: name };
  }
}
