import { z } from 'zod';
import { RequestId } from './received.js';

/** What a later server needs to find its way back into a turn. */
const Mark = z.object({
  /** Of the process among those of its agent. */
  process: z.int().min(1),
  /** The byte of its output where the turn begins. */
  from: z.int().nonnegative(),
  /** How many lines the process was sent before the prompt. */
  sent: z.int().nonnegative(),
  /** What was put before the prompt; empty for most. */
  lead: z.string(),
  /** The request that carries the prompt. */
  request: RequestId,
  threadId: z.string(),
  model: z.string().nullable(),
  version: z.string().nullable(),
  resumed: z.boolean(),
});
export type Mark = z.infer<typeof Mark>;

/** Null for a mark that another version wrote. */
export function readMark(text: string | null): Mark | null {
  if (text === null) return null;
  try {
    return Mark.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function writeMark(mark: Mark): string {
  return JSON.stringify(mark);
}
