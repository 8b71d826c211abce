import type { TaskId, WorkspaceId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { Attempt, AttemptEnd } from './attempt.js';
import type { Dependency, Dependent } from './dependency.js';
import type {
  PendingTask,
  ProcessingTask,
  ScheduledTask,
  Task,
  TaskErrorCode,
  TaskStatus,
  UniqueScope,
  WaitingTask,
} from './task.js';

/** Which tasks are meant; anything fits what is left out. */
export interface TaskSelection {
  readonly status?: TaskStatus | undefined;
  readonly unfinished?: boolean | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly agent?: string | undefined;
  readonly group?: string | undefined;
  /** Of its error. */
  readonly code?: TaskErrorCode | undefined;
  /** Finished before this moment, or enqueued before it if it has not. */
  readonly olderThan?: Timestamp | undefined;
}

/** Where a walk over many tasks goes on, and how far. Tasks that are enqueued meanwhile have ids after `newest`. */
export interface WalkStep {
  readonly order: 'oldest' | 'newest';
  /** What the step before gave as `next`; null at the start. */
  readonly from: TaskId | null;
  readonly newest: TaskId;
  readonly limit: number;
}

/** Up to `limit` tasks in the order asked for. `next` is null at the end; before it a step may well find none. */
export interface WalkedTasks {
  readonly ids: readonly TaskId[];
  readonly next: TaskId | null;
}

/** Which tasks a list shows, newest first. `before` is the id that the page before ended with. */
export interface TaskFilter extends TaskSelection {
  readonly before?: TaskId | undefined;
  readonly limit: number;
}

/** Which ready tasks are passed over now. */
export interface ReadyExcept {
  readonly workspaces: readonly WorkspaceId[];
  /** Agents that cannot take a task; its fallback can. */
  readonly agents: readonly string[];
  /** Agents whose tasks wait for them, also where there is a fallback; nor are they one. */
  readonly heldAgents: readonly string[];
  readonly groups: readonly string[];
  /** Groups of which only the first of all ready tasks may go, and none while that is passed over. */
  readonly inOrder: readonly string[];
  /** Tasks that may go although their group is passed over. */
  readonly holders: readonly TaskId[];
}

export const NONE_PASSED_OVER: ReadyExcept = {
  workspaces: [],
  agents: [],
  heldAgents: [],
  groups: [],
  inOrder: [],
  holders: [],
};

/** Where a task runs that is in processing. */
export type RunningTask = Pick<ProcessingTask, 'agent' | 'workspaceId' | 'group'>;

export type TaskCounts = Record<TaskStatus, number>;

/** Longest prompt or result text, in UTF-16 code units, that a list shows whole; a longer one is cut and ends with "…". */
export const LISTED_TEXT_LENGTH = 1_000;

export interface TaskReader {
  /** Throws `not_found`. */
  get(id: TaskId): Promise<Task>;
  find(id: TaskId): Promise<Task | undefined>;
  /** Prompts and results are cut to LISTED_TEXT_LENGTH. */
  list(filter: TaskFilter): Promise<Task[]>;
  /** The next few tasks of a selection. Looks at a bounded number of rows; a reader lets other work go on first. */
  walk(selection: TaskSelection, step: WalkStep): Promise<WalkedTasks>;
  counts(): Promise<TaskCounts>;
  /** The earliest `runAt` of a pending task: since when one waits for an agent. Null when none is pending. */
  oldestPending(): Promise<Timestamp | null>;
  /** The tasks in processing; no more than agents. */
  running(): Promise<RunningTask[]>;
  /** All attempts at a task, oldest first. */
  attempts(id: TaskId): Promise<Attempt[]>;
  /** What a task comes after, in the order in which it was named; the first `limit`. */
  predecessors(id: TaskId, limit: number): Promise<Dependency[]>;
  /** What comes after a task, in whatever state, oldest first; the first `limit`. */
  successors(id: TaskId, limit: number): Promise<Dependency[]>;
}

export interface TaskRepository extends TaskReader {
  /** Adds a task. `dependencies` are those of `after`, in its order; if left out, each as the task's own `onFailure` says. */
  insert(task: WaitingTask, dependencies?: readonly Dependency[]): Promise<void>;
  /** The state of a task, without reading all of it; undefined where there is none. */
  statusOf(id: TaskId): Promise<TaskStatus | undefined>;
  /** Saves a state that a transition has decided. What never changes (prompt, workspace, after …) is not written. */
  save(task: Task): Promise<void>;
  /** The newest task with this unique key that is within the scope. */
  findByUnique(unique: string, scope: UniqueScope, now: Timestamp): Promise<Task | undefined>;
  /** Saves the state, priority, time and deadline that a task was changed to; `save` does not write the middle ones. */
  saveOrder(task: Task): Promise<void>;
  /** The task that the request of this id has made. */
  findByRequest(requestId: string): Promise<Task | undefined>;
  /** Notes that the request of this id has made this task. */
  noteRequest(requestId: string, id: TaskId): Promise<void>;
  /**
   * The ready tasks by priority (high first), then `runAt`, then age; none that `except` passes over. With `agingMs` a task
   * gains a grade of priority for every so many milliseconds that it has been ready; null, or left out, for none.
   */
  ready(limit: number, except: ReadyExcept, agingMs?: number | null): Promise<PendingTask[]>;
  /** Scheduled tasks whose time has come, earliest first. */
  due(now: Timestamp, limit: number): Promise<ScheduledTask[]>;
  /** Scheduled tasks that wait for the reset of a limit, oldest first. */
  limited(limit: number): Promise<ScheduledTask[]>;
  /** When the next scheduled task is due, or null. */
  nextDue(): Promise<Timestamp | null>;
  /** Tasks that have not finished by their deadline, earliest first. */
  overdue(now: Timestamp, limit: number): Promise<Task[]>;
  /** The earliest deadline of a task that has not finished, or null. */
  nextDeadline(): Promise<Timestamp | null>;
  /** Tasks that a server other than `owner` left in processing. */
  abandoned(owner: string, limit: number): Promise<ProcessingTask[]>;
  /** The blocked tasks that come after this one. */
  dependents(id: TaskId): Promise<Dependent[]>;
  /** Notes for how many tasks a blocked one waits; nothing else of it changes. */
  waitFor(id: TaskId, waitingFor: number): Promise<void>;
  /** How many attempts just before this one were interrupted, one after the other; `most` at most. Parked ones are none. */
  interruptionsInARow(id: TaskId, epoch: number, most: number): Promise<number>;
  openAttempt(task: ProcessingTask): Promise<void>;
  closeAttempt(id: TaskId, epoch: number, end: AttemptEnd): Promise<void>;
  /**
   * Takes a task that finished before this moment out for good, with its attempts. False, with nothing changed, for one
   * that did not, and for one that a task comes after which has not completed and would not go as well.
   */
  removeFinished(id: TaskId, before: Timestamp): Promise<boolean>;
  /**
   * Takes a failed or cancelled task out for good, with its attempts, however old it is. False, with nothing changed, while
   * a task that comes after it has not completed: that one could be retried, and would miss it.
   */
  discard(id: TaskId): Promise<boolean>;
}
