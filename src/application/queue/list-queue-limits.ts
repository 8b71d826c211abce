import { z } from 'zod';
import {
  Bounds,
  type QueueLimit,
  QueuePart,
  Rate,
  rateOpensAt,
  unlimited,
} from '../../domain/queue-limit/queue-limit.js';
import type { CountedLimit } from '../../domain/queue-limit/queue-limit-repository.js';
import { TaskId, WorkspaceId } from '../../domain/shared/id.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { RunningTask } from '../../domain/task/task-repository.js';
import type { Dependencies } from '../dependencies.js';
import type { ReadStores, Stores } from '../ports/transaction.js';
import { countNamed, createNamePart, NAMED_PART } from './name-part.js';

const Count = z.int().nonnegative();
const Kind = z.enum(QueuePart.options.map(({ shape }) => shape.kind.value));

/** A part of the queue as the user knows it: a workspace by its path, with its id beside. */
export const PartName = z.object({ kind: Kind, name: z.string(), workspaceId: WorkspaceId.nullable() });
export type PartName = z.infer<typeof PartName>;

/** A part of the queue, its limit, and how far it is used up. */
export const LimitedPart = PartName.extend({
  paused: z.boolean(),
  max: Bounds.shape.max,
  /** How many of its tasks are in processing. */
  running: Count,
  /** `used`: starts within the window that ends now. `opensAt`: when the next one may start; null when one may now. */
  rate: Rate.extend({ used: Count, opensAt: Timestamp.nullable() }).nullable(),
  exclusive: z.boolean(),
  /** The task of an exclusive group that has begun and not finished. */
  heldBy: TaskId.nullable(),
});
export type LimitedPart = z.infer<typeof LimitedPart>;

/** The part that is meant, which need not be limited; all that are limited or paused when none is named. */
export const ListQueueLimits = z
  .strictObject(NAMED_PART)
  .refine((named) => countNamed(named) <= 1, 'Name one part of the queue: agent, workspace or group.');
export type ListQueueLimits = z.infer<typeof ListQueueLimits>;

type Reads = Pick<ReadStores, 'queueLimits' | 'tasks' | 'workspaces'>;

/** The limits that the user has set, by kind and name. */
export function createListQueueLimits(
  needs: Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'profiles' | 'directories' | 'newId'>,
) {
  const { transaction, read, clock } = needs;
  const namePart = createNamePart(needs);

  const viewAll = () => read(async (stores) => viewLimits(stores, await stores.queueLimits.all(), clock()));

  return async (named: ListQueueLimits = {}): Promise<LimitedPart[]> => {
    if (countNamed(named) === 0) return viewAll();
    const partIn = await namePart(named);
    return transaction(async (stores: Stores) => {
      const part = await partIn(stores, clock());
      return viewLimits(stores, [(await stores.queueLimits.find(part)) ?? unlimited(part)], clock());
    });
  };
}

/** The parts that are paused, by kind and name. */
export async function listPausedParts({
  queueLimits,
  workspaces,
}: Pick<Reads, 'queueLimits' | 'workspaces'>): Promise<PartName[]> {
  const names: PartName[] = [];
  for (const limit of await queueLimits.all()) if (limit.paused) names.push(await nameOf(limit, workspaces));
  return names;
}

/** Limits as they are shown, each with what is counted of it now. */
export async function viewLimits(
  { queueLimits, tasks, workspaces }: Reads,
  limits: readonly QueueLimit[],
  now: Timestamp,
): Promise<LimitedPart[]> {
  const running = await tasks.running();
  const holders = new Map((await queueLimits.holders()).map(({ group, taskId }) => [group, taskId]));
  const counted = new Map((await queueLimits.all()).map((limit) => [`${limit.kind} ${limit.name}`, limit]));
  const views: LimitedPart[] = [];
  for (const limit of limits) {
    const { paused, max, exclusive } = limit;
    views.push({
      ...(await nameOf(limit, workspaces)),
      paused,
      max,
      running: running.filter((task) => isOf(limit, task)).length,
      rate: await viewRate(limit, counted.get(`${limit.kind} ${limit.name}`)),
      exclusive,
      heldBy: exclusive ? (holders.get(limit.name) ?? null) : null,
    });
  }
  return views;

  async function viewRate(limit: QueueLimit, known: CountedLimit | undefined): Promise<LimitedPart['rate']> {
    if (limit.rate === null) return null;
    const oldest = known?.oldestStart ?? null;
    return {
      ...limit.rate,
      used: await queueLimits.startsAfter(limit, now - limit.rate.periodMs),
      opensAt: rateOpensAt(limit.rate, oldest === null ? null : Math.min(oldest, now), now),
    };
  }
}

async function nameOf({ kind, name }: QueuePart, workspaces: Reads['workspaces']): Promise<PartName> {
  if (kind !== 'workspace') return { kind, name, workspaceId: null };
  return { kind, name: (await workspaces.get(name)).path, workspaceId: name };
}

function isOf({ kind, name }: QueuePart, { agent, workspaceId, group }: RunningTask): boolean {
  return name === { agent, workspace: workspaceId, group }[kind];
}
