import { z } from 'zod';
import { ProfileName } from '../task/task.js';
import { StopReceipt } from './agent.js';

/**
 * What came of greeting an agent. `found`: its program is there, and has no protocol to be greeted in. `message` is one
 * sentence for a person; `receipt` counts what was ended afterwards, null where nothing was started.
 */
export const AgentCheck = z.object({
  profile: ProfileName,
  outcome: z.enum(['answers', 'found', 'fails']),
  version: z.string().nullable(),
  message: z.string(),
  receipt: StopReceipt.nullable(),
});
export type AgentCheck = z.infer<typeof AgentCheck>;
