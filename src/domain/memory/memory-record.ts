import { z } from 'zod';
import { KeptObservation } from '../observation/observation.js';
import { Prompt } from '../session/prompt.js';
import { Session } from '../session/session.js';
import { Workspace } from '../workspace/workspace.js';

/** The first line of a file of memory. A program reads the versions that it knows and no other. */
export const MEMORY_FILE = { format: 'codewalkers-memory', version: 1 } as const;

/** Every further line: what others refer to comes before them. */
export const MemoryRecord = z.union([
  z.strictObject({ workspace: Workspace }),
  z.strictObject({ session: Session }),
  z.strictObject({ prompt: Prompt }),
  z.strictObject({ observation: KeptObservation }),
]);
export type MemoryRecord = z.infer<typeof MemoryRecord>;
