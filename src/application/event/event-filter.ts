import { z } from 'zod';
import type { Event } from '../../domain/event/event.js';
import type { TaskId } from '../../domain/shared/id.js';
import { matchesGlob } from '../../domain/shared/matches-glob.js';

/** Event types, in which `*` stands for any run of characters: `task.*`, `*.failed`. */
export const EventFilter = z
  .array(z.string().regex(/^[a-z*.]{1,40}$/, 'An event type has only small letters, "." and "*": task.*'))
  .min(1)
  .max(32);
export type EventFilter = z.infer<typeof EventFilter>;

/** Whether an event is of one of these types (all, without any) and about this task (any, without one). */
export function matches(event: Event, types: EventFilter | undefined, taskId: TaskId | undefined): boolean {
  if (taskId !== undefined && event.taskId !== taskId) return false;
  return types === undefined || types.some((glob) => matchesGlob(event.type, glob));
}
