import { z } from 'zod';

const KeptMark = z.object({ attempt: z.string(), mark: z.string() });

/**
 * What is kept to find back to an agent: the last mark that it told, and the name of the attempt that told it. A warm
 * agent has that of an earlier turn until its next one tells its own.
 */
export type KeptMark = z.infer<typeof KeptMark>;

export function writeKeptMark(kept: KeptMark): string {
  return JSON.stringify(kept);
}

/** Null when nothing was kept, or by a version that kept something else. */
export function readKeptMark(text: string | null): KeptMark | null {
  if (text === null) return null;
  try {
    return KeptMark.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
