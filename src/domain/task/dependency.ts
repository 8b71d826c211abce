import { z } from 'zod';
import type { SessionId, TaskId } from '../shared/id.js';

/** What becomes of a task when one that it comes after does not complete: it fails as well, or runs anyway. */
export const OnFailure = z.enum(['fail', 'run']);
export type OnFailure = z.infer<typeof OnFailure>;

/** The other task of a dependency, and what becomes of the later one of the two when the earlier one does not complete. */
export interface Dependency {
  readonly task: TaskId;
  readonly onFailure: OnFailure;
}

/** A blocked task, as those that it waits for see it. */
export interface Dependent extends Dependency {
  /** How many tasks it waits for. */
  readonly waitingFor: number;
  readonly sessionId: SessionId | null;
}
