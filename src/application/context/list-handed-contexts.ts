import { z } from 'zod';
import type { HandedContext } from '../../domain/context/handed-context.js';
import { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';

/** Most of them that are shown; a session begins, goes on and is compacted seldom more often. */
const MAX_SHOWN = 100;

export const ListHandedContexts = z.strictObject({ sessionId: SessionId });
export type ListHandedContexts = z.infer<typeof ListHandedContexts>;

/** What a session was handed of the memory, in order. Throws `not_found`. */
export function createListHandedContexts({ read }: Pick<Dependencies, 'read'>) {
  return ({ sessionId }: ListHandedContexts): Promise<HandedContext[]> =>
    read(async ({ sessions, contexts }) => {
      await sessions.get(sessionId);
      return contexts.list(sessionId, MAX_SHOWN);
    });
}
