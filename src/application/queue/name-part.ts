import { z } from 'zod';
import {
  isUnlimited,
  MAX_QUEUE_LIMITS,
  type QueueLimit,
  type QueueLimitEvent,
  type QueuePart,
} from '../../domain/queue-limit/queue-limit.js';
import type { Change } from '../../domain/shared/change.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { isId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { GroupName, ProfileName } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { registerWorkspace } from '../workspace/add-workspace.js';

/** How a caller names a part of the queue: by one of these. `workspace` is an absolute path, or the id of a workspace. */
export const NAMED_PART = {
  agent: ProfileName.optional(),
  workspace: z.string().min(1).optional(),
  group: GroupName.optional(),
};
export interface NamedPart {
  readonly agent?: string | undefined;
  readonly workspace?: string | undefined;
  readonly group?: string | undefined;
}

/** How many parts are named. */
export function countNamed({ agent, workspace, group }: NamedPart): number {
  return [agent, workspace, group].filter((name) => name !== undefined).length;
}

/** The part within a transaction, in which a workspace that is new is registered. */
export type PartIn = (stores: Stores, now: Timestamp) => Promise<QueuePart>;

/** Finds the part that is named. Throws `invalid_input` for a profile or a directory that does not exist. */
export function createNamePart({
  read,
  profiles,
  directories,
  newId,
}: Pick<Dependencies, 'read' | 'profiles' | 'directories' | 'newId'>) {
  return async ({ agent, workspace, group }: NamedPart): Promise<PartIn> => {
    if (agent !== undefined) {
      const part = { kind: 'agent', name: agent } as const;
      // One that the configuration has no more must be able to lose its limit.
      if ((await read(({ queueLimits }) => queueLimits.find(part))) === undefined) await profiles.get(agent);
      return () => Promise.resolve(part);
    }
    if (group !== undefined) return () => Promise.resolve({ kind: 'group', name: group });
    if (workspace === undefined) throw new DomainError('invalid_input', 'Name an agent, a workspace or a group.');
    const place = isId('workspace', workspace) ? workspace : await directories.resolve(workspace);
    return async (stores, now) => {
      return { kind: 'workspace', name: (await registerWorkspace(stores, place, newId, now)).id };
    };
  };
}

/** Writes a change of a limit down; what limits nothing is not kept. Throws `limit_exceeded` for one too many. */
export async function keepLimit(
  { queueLimits, events }: Pick<Stores, 'queueLimits' | 'events'>,
  { state, events: facts }: Change<QueueLimit, QueueLimitEvent>,
): Promise<QueueLimit> {
  if (facts.length === 0) return state;
  if (isUnlimited(state)) {
    await queueLimits.remove(state);
  } else {
    await refuseOneTooMany(queueLimits, state);
    await queueLimits.save(state);
  }
  await events.append(facts);
  return state;
}

async function refuseOneTooMany(queueLimits: Stores['queueLimits'], limit: QueueLimit): Promise<void> {
  if ((await queueLimits.find(limit)) !== undefined) return;
  if ((await queueLimits.all()).length < MAX_QUEUE_LIMITS) return;
  throw new DomainError(
    'limit_exceeded',
    `${String(MAX_QUEUE_LIMITS)} parts of the queue are limited or paused already; clear one that is needed no more.`,
  );
}
