import { z } from 'zod';
import { ProfileName } from '../task/task.js';
import { StopReceipt } from './agent.js';

/**
 * What came of one turn of an agent against a scripted model. `changed`: it did not speak as was recorded, as
 * `differences` says. `not_run`: `message` says why. `recorded` is the version whose messages were recorded; `receipt`
 * counts what was ended after the turn.
 */
export const AgentProbe = z.object({
  profile: ProfileName,
  outcome: z.enum(['ok', 'changed', 'not_run']),
  version: z.string().nullable(),
  recorded: z.string().nullable(),
  message: z.string(),
  differences: z.array(z.string()),
  durationMs: z.int().nonnegative(),
  receipt: StopReceipt.nullable(),
});
export type AgentProbe = z.infer<typeof AgentProbe>;
