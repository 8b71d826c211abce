import { z } from 'zod';
import type { CumulativeUsage } from '../../../application/ports/agent-update.js';

const Usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number(),
  costUsd: z.number().nullable(),
  model: z.string().nullable(),
}) satisfies z.ZodType<CumulativeUsage>;

/** A conversation that a process has open. `id` is the agent's, `usage` what it had used when this was written. */
const OpenSession = z.object({ id: z.string(), cwd: z.string(), usage: Usage });
export type OpenSession = z.infer<typeof OpenSession>;

/** What an agent said of itself. */
const Handshake = z.object({
  version: z.string().nullable(),
  canLoad: z.boolean(),
  canResume: z.boolean(),
  canClose: z.boolean(),
});
export type Handshake = z.infer<typeof Handshake>;

/** What is needed to find back into a turn: all that is known of the process, and where the turn began. */
const Mark = z.object({
  v: z.literal(1),
  /** Numbers the processes of the agent. */
  process: z.int().min(1),
  handshake: Handshake,
  /** Open conversations, by our own session ids; the one used last is the last. */
  sessions: z.array(z.tuple([z.string(), OpenSession])),
  /** The id of the request that holds the prompt. Later ones are greater. */
  promptId: z.int(),
  /** Lines that the process had been sent before that one. */
  sent: z.int().nonnegative(),
  /** The byte of the output where the turn begins. */
  from: z.int().nonnegative(),
  session: OpenSession,
  resumed: z.boolean(),
  /** Why the conversation began anew; null when nothing is to be said of that. */
  note: z.string().nullable(),
});
export type Mark = z.infer<typeof Mark>;

export function writeMark(mark: Omit<Mark, 'v'>): string {
  return JSON.stringify({ v: 1, ...mark } satisfies Mark);
}

/** Null for a mark that this version cannot read. */
export function readMark(text: string): Mark | null {
  try {
    return Mark.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
