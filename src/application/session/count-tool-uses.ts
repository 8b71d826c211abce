import { z } from 'zod';
import { ToolUseCount } from '../../domain/session/tool-use.js';
import { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';

/** Most tool uses that are counted, some 15 ms of work. */
const MAX_COUNTED = 20_000;

export const CountToolUses = z.strictObject({ sessionId: SessionId });
export type CountToolUses = z.infer<typeof CountToolUses>;

/** How often each tool was used, most used first; `isWhole` is false when there are more uses than were counted. */
export const ToolUseCounts = z.object({ tools: z.array(ToolUseCount), isWhole: z.boolean() });
export type ToolUseCounts = z.infer<typeof ToolUseCounts>;

export function createCountToolUses({ read }: Pick<Dependencies, 'read'>) {
  return ({ sessionId }: CountToolUses): Promise<ToolUseCounts> =>
    read(async ({ sessions, toolUses }) => {
      await sessions.get(sessionId);
      const tools = await toolUses.counts(sessionId, MAX_COUNTED);
      const counted = tools.reduce((sum, { uses }) => sum + uses, 0);
      return { tools, isWhole: counted < MAX_COUNTED };
    });
}
