import { z } from 'zod';

/** What is needed to find back into a turn. */
const Mark = z.object({
  v: z.literal(1),
  /** Numbers the processes of the agent. */
  process: z.int().min(1),
  /** The byte of the output where the turn begins. */
  from: z.int().nonnegative(),
  /** How many lines the process was sent before the prompt. */
  sent: z.int().nonnegative(),
  /** Our session. */
  sessionId: z.string(),
  providerSessionId: z.string(),
  cwd: z.string(),
  version: z.string().nullable(),
  resumed: z.boolean(),
  /** Why the conversation began anew; null when nothing is to be said of that. */
  note: z.string().nullable(),
});
export type Mark = z.infer<typeof Mark>;

export function writeMark(mark: Mark): string {
  return JSON.stringify(mark);
}

/** Null for a mark that this version cannot read. */
export function readMark(text: string): Mark | null {
  try {
    return Mark.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
