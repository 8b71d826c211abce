import { z } from 'zod';
import { MAX_NAME_LENGTH, MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { ToolOutcome } from '../../domain/session/tool-use.js';
import { Timestamp } from '../../domain/shared/timestamp.js';

const Name = z.string().min(1).max(MAX_NAME_LENGTH);

/** A tool call as an agent made it. Long inputs and results are taken, and kept by head and tail. */
export const CapturedToolUse = z.strictObject({
  toolUseId: Name,
  turn: Name.nullish(),
  subagent: Name.nullish(),
  name: Name,
  outcome: ToolOutcome.default('done'),
  cwd: z.string().max(MAX_PATH_LENGTH).nullish(),
  at: Timestamp.optional(),
  durationMs: z.int().nonnegative().nullish(),
  input: z.json().default(null),
  result: z.string().default(''),
});
/** The input is whatever JSON holds. */
export type CapturedToolUse = Omit<z.infer<typeof CapturedToolUse>, 'input'> & { readonly input: unknown };
