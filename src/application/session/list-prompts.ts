import { z } from 'zod';
import type { Prompt } from '../../domain/session/prompt.js';
import { PromptId, SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

export const ListPrompts = z.strictObject({ sessionId: SessionId, cursor: PromptId.optional(), limit: PageSize });
export type ListPrompts = z.infer<typeof ListPrompts>;

/** What was said in a session, in the order in which it reached us. Throws `not_found`. */
export function createListPrompts({ read }: Pick<Dependencies, 'read'>) {
  return ({ sessionId, cursor, limit }: ListPrompts): Promise<Page<Prompt>> =>
    read(async ({ sessions, prompts }) => {
      await sessions.get(sessionId);
      return toPage(await prompts.list({ sessionId, after: cursor, limit: limit + 1 }), limit);
    });
}
