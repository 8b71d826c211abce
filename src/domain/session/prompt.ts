import { z } from 'zod';
import { PromptId, SessionId, WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** `system` is what an agent's program says to itself, such as that a background task has ended. */
export const Speaker = z.enum(['user', 'task', 'agent', 'system']);
export type Speaker = z.infer<typeof Speaker>;

/**
 * Something said in a session. What is asked is numbered from 1; what the agent answers has the number of what it
 * answers (0 before any). `turn` is how the agent names the turn: a turn has one prompt and one answer, however often
 * and from wherever they reach us.
 */
export const Prompt = z.object({
  id: PromptId,
  sessionId: SessionId,
  workspaceId: WorkspaceId,
  number: z.int().nonnegative(),
  who: Speaker,
  turn: z.string().nullable(),
  text: z.string(),
  at: Timestamp,
});
export type Prompt = z.infer<typeof Prompt>;

/** Of a prompt that begins a private turn its place is kept and none of its words; every other prompt has some. */
export function isPrivate({ who, text }: Prompt): boolean {
  return who !== 'agent' && text === '';
}
