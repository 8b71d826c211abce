import { z } from 'zod';
import { SessionId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** `denied` is one that the user or a policy did not allow. */
export const ToolOutcome = z.enum(['done', 'failed', 'denied']);
export type ToolOutcome = z.infer<typeof ToolOutcome>;

/** How it reached us first. */
export const ToolVia = z.enum(['hook', 'stream', 'transcript', 'api']);
export type ToolVia = z.infer<typeof ToolVia>;

/**
 * One tool call of an agent. `toolUseId` is the agent's own id for it, unique within the session: it may reach us any
 * number of times and counts once. `input` is JSON as text, `result` is text; the omitted numbers say how many
 * characters were taken out of their middle.
 */
export const ToolUse = z.object({
  sessionId: SessionId,
  toolUseId: z.string().min(1),
  /** How the agent names the turn, as in the turn's prompt. */
  turn: z.string().nullable(),
  /** The agent's id for the subagent that made the call; null for the agent itself. */
  subagent: z.string().nullable(),
  name: z.string().min(1),
  outcome: ToolOutcome,
  via: ToolVia,
  cwd: z.string().nullable(),
  at: Timestamp,
  durationMs: z.int().nonnegative().nullable(),
  input: z.string(),
  result: z.string(),
  inputOmitted: z.int().nonnegative(),
  resultOmitted: z.int().nonnegative(),
  /** Null while it waits to be distilled. */
  distilledAt: Timestamp.nullable(),
});
export type ToolUse = z.infer<typeof ToolUse>;

/** How often a tool was used in a session, and how many of these uses were not done. */
export const ToolUseCount = z.object({
  name: z.string(),
  uses: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});
export type ToolUseCount = z.infer<typeof ToolUseCount>;
