import { z } from 'zod';
import { AgentId } from '../../domain/shared/id.js';

/** Ends an agent of the pool and all it started; the task that it works on goes back to the queue. */
export const StopAgent = z.strictObject({ agentId: AgentId });
export type StopAgent = z.infer<typeof StopAgent>;
