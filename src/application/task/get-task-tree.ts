import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { cutText } from '../../domain/shared/cut-text.js';
import { TaskId } from '../../domain/shared/id.js';
import { type Dependency, OnFailure } from '../../domain/task/dependency.js';
import { ProfileName, type Task, TaskStatus } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { GetTask } from './get-task.js';

/** Most lines of a tree in each direction: what one still looks through. */
const MAX_TREE_LINES = 200;
/** Most tasks that are looked for in each direction, to say how many are left out. */
const MAX_FOUND = 10_000;
/** Most dependencies that are followed for it; a graph enqueued in one call has no more. */
const MAX_FOLLOWED = 100_000;
/** Dependencies that are read in one go, a few milliseconds, but for those of one task. */
const STEP = 2_000;
/** Longest prompt in a tree, in UTF-16 code units: one line of a terminal. */
const PROMPT_LENGTH = 200;

const TreeTask = z.object({
  id: TaskId,
  /** Null for a task that is not kept any more, as what follows. */
  status: TaskStatus.nullable(),
  agent: ProfileName.nullable(),
  prompt: z.string().nullable(),
});

/** A task in a tree. One that is deeper than the line before it belongs to that one. */
const TreeLine = TreeTask.extend({
  depth: z.int().nonnegative(),
  /** What becomes of the later of the two tasks when the earlier one does not complete. */
  onFailure: OnFailure,
  /** It has a line above already, and what belongs to it stands there. */
  isAbove: z.boolean(),
});
type TreeLine = z.infer<typeof TreeLine>;

/** `leftOut` tasks have no line; when there may be more, `isCounted` is false. */
const Branches = z.object({ lines: z.array(TreeLine), leftOut: z.int().nonnegative(), isCounted: z.boolean() });
type Branches = z.infer<typeof Branches>;

/** `before`: what a task comes after, and what that comes after. `after`: what comes after it. Each task is told once. */
export const TaskTree = z.object({ task: TreeTask, before: Branches, after: Branches });
export type TaskTree = z.infer<typeof TaskTree>;

type Neighbours = (id: TaskId, limit: number) => Promise<Dependency[]>;

/** What was found of a graph from one task on, in one direction. */
interface Found {
  readonly neighbours: ReadonlyMap<TaskId, readonly Dependency[]>;
  readonly tasks: number;
  readonly isAll: boolean;
}

/** Draws what a task comes after and what comes after it. Takes no stack, however long a chain is. */
export function createGetTaskTree({ read }: Pick<Dependencies, 'read'>) {
  const findTask = (id: TaskId) => read(({ tasks }) => tasks.find(id));

  /** Those that are near are found first. */
  async function search(from: TaskId, neighboursOf: Neighbours): Promise<Found> {
    const neighbours = new Map<TaskId, readonly Dependency[]>();
    const queue = [from];
    const seen = new Set(queue);
    let followed = 0;
    let sinceRest = 0;
    for (const id of queue) {
      const near = await neighboursOf(id, MAX_FOUND + 1);
      neighbours.set(id, near);
      followed += near.length;
      for (const { task } of near) {
        if (seen.has(task)) continue;
        seen.add(task);
        queue.push(task);
      }
      const tasks = seen.size - 1;
      if (tasks > MAX_FOUND || followed > MAX_FOLLOWED) return { neighbours, tasks, isAll: false };
      sinceRest += near.length + 1;
      if (sinceRest < STEP) continue;
      sinceRest = 0;
      await setImmediate();
    }
    return { neighbours, tasks: seen.size - 1, isAll: true };
  }

  async function branches(from: TaskId, neighboursOf: Neighbours): Promise<Branches> {
    const { neighbours, tasks, isAll } = await search(from, neighboursOf);
    const lines: TreeLine[] = [];
    const shown = new Set<TaskId>();
    const open = below(from, 0);
    for (let next = open.pop(); next !== undefined && lines.length < MAX_TREE_LINES; next = open.pop()) {
      const { task: id, onFailure, depth } = next;
      const isAbove = shown.has(id);
      lines.push({ ...describe(id, await findTask(id)), depth, onFailure, isAbove });
      if (isAbove) continue;
      shown.add(id);
      open.push(...below(id, depth + 1));
    }
    return { lines, leftOut: Math.max(0, tasks - shown.size), isCounted: isAll };

    /** Last first, as a stack gives them; no more than there is room for. */
    function below(id: TaskId, depth: number) {
      const near = neighbours.get(id) ?? [];
      return near
        .slice(0, MAX_TREE_LINES)
        .map((dependency) => ({ ...dependency, depth }))
        .reverse();
    }
  }

  return async ({ taskId }: GetTask): Promise<TaskTree> => {
    const task = describe(taskId, await read(({ tasks }) => tasks.get(taskId)));
    const before = await branches(taskId, (id, limit) => read(({ tasks }) => tasks.predecessors(id, limit)));
    const after = await branches(taskId, (id, limit) => read(({ tasks }) => tasks.successors(id, limit)));
    return { task, before, after };
  };
}

function describe(id: TaskId, task: Task | undefined): z.infer<typeof TreeTask> {
  if (task === undefined) return { id, status: null, agent: null, prompt: null };
  const { status, agent, prompt } = task;
  return { id, status, agent, prompt: cutText(prompt, PROMPT_LENGTH) };
}
