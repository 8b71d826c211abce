import { z } from 'zod';
import type { PreparedText } from '../../domain/privacy/prepare-text.js';
import { MAX_NAME_LENGTH, MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { ToolOutcome } from '../../domain/session/tool-use.js';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { CleanInput } from './clean-input.js';

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
/** The input is whatever JSON holds. With `cleaned`, which no caller from outside gives, input and result are not looked at. */
export type CapturedToolUse = Omit<z.infer<typeof CapturedToolUse>, 'input'> & {
  readonly input: unknown;
  /** Null for what is excluded. */
  readonly cleaned?: CleanToolUse | null | undefined;
};

/** The texts of a tool use as they may be stored. */
export interface CleanToolUse {
  readonly input: CleanInput;
  readonly result: Pick<PreparedText, 'text' | 'leftOut'>;
}
