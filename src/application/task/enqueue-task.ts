import { z } from 'zod';
import { DomainError } from '../../domain/shared/domain-error.js';
import { type SessionId, TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type Dependency, OnFailure } from '../../domain/task/dependency.js';
import { RetryRules } from '../../domain/task/retry-rules.js';
import {
  BlockedTask,
  CancelledTask,
  CompletedTask,
  FailedTask,
  GroupName,
  MAX_ATTEMPTS,
  MAX_DEPENDENCIES,
  MAX_PRIORITY,
  MAX_PROMPT_LENGTH,
  MAX_REQUEST_ID_LENGTH,
  MAX_RUN_AT,
  MAX_TIMEOUT_MS,
  MAX_UNIQUE_LENGTH,
  PendingTask,
  ProcessingTask,
  ProfileName,
  ScheduledTask,
  UniqueScope,
} from '../../domain/task/task.js';
import { enqueue } from '../../domain/task/task-transitions.js';
import { between } from '../between.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { registerWorkspace } from '../workspace/add-workspace.js';
import { Delay } from './delay.js';
import { countUnmet } from './dependency-state.js';
import { createPrepare, type Prepared } from './prepare-task.js';

/** Most tasks that one call may enqueue; they are one transaction, which must not hold up the others for long. */
export const MAX_ENQUEUED_AT_ONCE = 10_000;
export const TOO_MANY = `One call enqueues at most ${String(MAX_ENQUEUED_AT_ONCE)} tasks; make several.`;

/** What a task comes after: others by this name, with what becomes of it when that one does not complete if it is said. */
export function after<Name extends z.ZodType>(name: Name, what = 'the id of a task') {
  const message = `It must be ${what}, or { task, onFailure } with onFailure "fail" or "run".`;
  return z
    .array(z.union([name, z.strictObject({ task: name, onFailure: OnFailure })], message))
    .max(
      MAX_DEPENDENCIES,
      `A task comes after at most ${String(MAX_DEPENDENCIES)} others; join more by a task between.`,
    );
}

/** What two fields must not say together. */
export function refuseContradictions(
  {
    runAt,
    delayMs,
    unique,
    uniqueScope,
  }: { runAt?: unknown; delayMs?: unknown; unique?: unknown; uniqueScope?: unknown },
  context: Pick<z.RefinementCtx, 'addIssue'>,
): void {
  if (runAt !== undefined && delayMs !== undefined) context.addIssue('Give runAt or delayMs, not both.');
  if (unique === undefined && uniqueScope !== undefined) {
    context.addIssue('Give the unique key that uniqueScope is about.');
  }
}

/** `workspace` is an absolute path, or the id of a workspace. `delayMs` and `runAt` exclude each other. */
export const EnqueueTask = z
  .strictObject({
    prompt: z
      .string()
      .max(
        MAX_PROMPT_LENGTH,
        `A prompt has at most ${String(MAX_PROMPT_LENGTH)} characters; put more into a file and name it.`,
      )
      .refine((prompt) => prompt.trim() !== '', 'The prompt is empty; say what the agent should do.'),
    agent: ProfileName.optional(),
    /** The profile that takes it instead while the account of its agent has reached a limit. */
    fallback: ProfileName.optional(),
    workspace: z.string().min(1),
    priority: between(-MAX_PRIORITY, MAX_PRIORITY).optional(),
    runAt: between(0, MAX_RUN_AT).optional(),
    delayMs: Delay.optional(),
    /** When it has failed if it has not finished, also while it runs. Milliseconds since 1970. */
    deadline: between(0, MAX_RUN_AT).optional(),
    after: after(TaskId).optional(),
    /** What becomes of it when a task of `after` that says nothing else does not complete; `fail` when it is left out. */
    onFailure: OnFailure.optional(),
    /** The tasks that share its limits; none when it is left out. */
    group: GroupName.optional(),
    /** While a task with this key is within the scope, it stands for the new one. */
    unique: z
      .string()
      .min(1, 'A unique key must not be empty.')
      .max(MAX_UNIQUE_LENGTH, `A unique key has at most ${String(MAX_UNIQUE_LENGTH)} characters; shorten or hash it.`)
      .optional(),
    /** `unfinished` when it is left out. */
    uniqueScope: UniqueScope.optional(),
    /** Chosen by the caller, anew for every task: to ask again with the same one gives the same task. */
    requestId: z.string().min(1).max(MAX_REQUEST_ID_LENGTH).optional(),
    maxAttempts: between(1, MAX_ATTEMPTS).optional(),
    /** How it is tried again; as the server does it when it is left out, and in what it does not say. */
    retry: RetryRules.optional(),
    timeoutMs: between(1, MAX_TIMEOUT_MS).optional(),
  })
  .superRefine(refuseContradictions);
export type EnqueueTask = z.infer<typeof EnqueueTask>;

export const EnqueueTasks = z.strictObject({ tasks: z.array(EnqueueTask).min(1).max(MAX_ENQUEUED_AT_ONCE, TOO_MANY) });
export type EnqueueTasks = z.infer<typeof EnqueueTasks>;

/** A task that was asked for. `existing`: it was there before, and stands for the one asked for by its unique key. */
const Existing = { existing: z.boolean() };
// Written out: an intersection would parse every task twice and merge the two, at three times the time.
export const EnqueuedTask = z.discriminatedUnion('status', [
  BlockedTask.extend(Existing),
  ScheduledTask.extend(Existing),
  PendingTask.extend(Existing),
  ProcessingTask.extend(Existing),
  CompletedTask.extend(Existing),
  FailedTask.extend(Existing),
  CancelledTask.extend(Existing),
]);
export type EnqueuedTask = z.infer<typeof EnqueuedTask>;

type Needs = Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'profiles' | 'directories' | 'settings'>;

/** Takes a task in, or returns the one that stands for it by its unique key. */
export function createEnqueueTask(needs: Needs) {
  const enqueueTasks = createEnqueueTasks(needs);
  return async (command: EnqueueTask): Promise<EnqueuedTask> => {
    const [task] = await enqueueTasks({ tasks: [command] });
    if (task === undefined) throw new Error('Enqueueing one task gave none.');
    return task;
  };
}

/** Takes many tasks in, all or none of them, in the order given. */
export function createEnqueueTasks(needs: Needs) {
  const { transaction, clock } = needs;
  return async ({ tasks: commands }: EnqueueTasks): Promise<EnqueuedTask[]> => {
    const prepare = createPrepare(needs);
    const prepared: Prepared<EnqueueTask>[] = [];
    for (const command of commands) prepared.push(await prepare(command));
    return transaction(async (stores) => {
      const now = clock();
      await refuseOverLimit(stores, commands.length, needs.settings.tasks.maxPending);
      const tasks: EnqueuedTask[] = [];
      for (const request of prepared) tasks.push(await enqueueIn(stores, request, needs, now));
      return tasks;
    });
  };
}

/** Throws `limit_exceeded` when so many more may not wait. */
export async function refuseOverLimit({ tasks }: Stores, more: number, maxPending: number): Promise<void> {
  const { blocked, scheduled, pending } = await tasks.counts();
  const waiting = blocked + scheduled + pending;
  if (waiting + more <= maxPending) return;
  throw new DomainError(
    'limit_exceeded',
    `Cannot enqueue: ${String(waiting)} tasks wait already and tasks.maxPending is ${String(maxPending)}. Wait, cancel some, or raise it.`,
  );
}

/** Takes one in; `sessionId` is the conversation that it goes on with, null for one of its own. */
export async function enqueueIn(
  stores: Stores,
  prepared: Prepared<EnqueueTask>,
  needs: Pick<Needs, 'newId' | 'settings'>,
  now: Timestamp,
  sessionId: SessionId | null = null,
): Promise<EnqueuedTask> {
  const { command, agent, fallback = null, place, registered } = prepared;
  const { newId, settings } = needs;
  const { requestId } = command;
  const made = requestId === undefined ? undefined : await stores.tasks.findByRequest(requestId);
  if (made !== undefined) return { existing: false, ...made };
  const unique = command.unique ?? null;
  const uniqueScope = command.uniqueScope ?? 'unfinished';
  const holder = unique === null ? undefined : await stores.tasks.findByUnique(unique, uniqueScope, now);
  if (holder !== undefined) return { existing: true, ...holder };
  const workspace = registered?.get(place) ?? (await registerWorkspace(stores, place, newId, now));
  registered?.set(place, workspace);
  const { runAt = now + (command.delayMs ?? 0), deadline = null } = command;
  if (deadline !== null && deadline <= Math.max(now, runAt)) {
    throw new DomainError('invalid_input', 'The deadline would pass before the task can run; choose a later one.');
  }
  const onFailure = command.onFailure ?? 'fail';
  const dependencies = dependenciesOf(command.after, onFailure);
  const waitingFor = dependencies.length === 0 ? 0 : await countUnmet(stores.tasks, dependencies);
  const { state, events } = enqueue(
    {
      id: newId('task'),
      prompt: command.prompt,
      agent,
      fallback,
      workspaceId: workspace.id,
      workspace: workspace.path,
      priority: command.priority ?? 0,
      runAt,
      maxAttempts: command.maxAttempts ?? settings.tasks.maxAttempts,
      timeoutMs: command.timeoutMs ?? settings.tasks.timeoutMs,
      after: dependencies.map(({ task }) => task),
      onFailure,
      sessionId,
      unique,
      uniqueScope: unique === null ? null : uniqueScope,
      group: command.group ?? null,
      deadline,
      retry: command.retry ?? null,
    },
    waitingFor,
    now,
  );
  await stores.tasks.insert(state, dependencies);
  if (requestId !== undefined) await stores.tasks.noteRequest(requestId, state.id);
  await stores.events.append(events);
  return { existing: false, ...state };
}

/** Each task once. Throws `invalid_input` for one that is named with two policies. */
function dependenciesOf(after: EnqueueTask['after'] = [], onFailure: OnFailure): Dependency[] {
  const policies = new Map<TaskId, OnFailure>();
  for (const entry of after) {
    const dependency = typeof entry === 'string' ? { task: entry, onFailure } : entry;
    const { task } = dependency;
    if ((policies.get(task) ?? dependency.onFailure) !== dependency.onFailure) {
      throw new DomainError('invalid_input', `It comes after ${task} twice, to fail with it and to run without it.`);
    }
    policies.set(task, dependency.onFailure);
  }
  return [...policies].map(([task, policy]) => ({ task, onFailure: policy }));
}
