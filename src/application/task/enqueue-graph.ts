import { z } from 'zod';
import { DomainError } from '../../domain/shared/domain-error.js';
import { isId, type TaskId } from '../../domain/shared/id.js';
import type { OnFailure } from '../../domain/task/dependency.js';
import { cycleError, orderGraph } from '../../domain/task/task-graph.js';
import type { Dependencies } from '../dependencies.js';
import {
  after,
  EnqueuedTask,
  EnqueueTask,
  enqueueIn,
  MAX_ENQUEUED_AT_ONCE,
  refuseContradictions,
  refuseOverLimit,
  TOO_MANY,
} from './enqueue-task.js';
import { createPrepare, type Prepared } from './prepare-task.js';

/** Most dependencies of one graph, all its tasks together: they are one transaction, which must not hold up the others for long. */
const MAX_GRAPH_DEPENDENCIES = 100_000;

const LocalName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}$/,
    'A task of a graph is named with 1 to 100 letters, digits, ".", "_", ":", "/", "@" or "-", the first one a letter or digit.',
  )
  .refine((name) => !isId('task', name), 'A task of a graph must not be named like the id of a task.');

/** A task of a graph. `after` are names of others in it, and ids of tasks that are there already. */
const GraphTask = z
  .strictObject({
    ...EnqueueTask.shape,
    workspace: EnqueueTask.shape.workspace.optional(),
    name: LocalName,
    after: after(z.string(), 'the name or the id of a task').optional(),
  })
  .superRefine(refuseContradictions);
type GraphTask = z.infer<typeof GraphTask>;

const { prompt: _prompt, unique: _unique, uniqueScope: _scope, requestId: _request, ...shared } = EnqueueTask.shape;

/** What holds for every task of a graph that does not say it itself: said once, as ten thousand tasks are one request. */
const GraphDefaults = z
  .strictObject({ ...shared, workspace: shared.workspace.optional() })
  .superRefine(refuseContradictions);
type GraphDefaults = z.infer<typeof GraphDefaults>;

/** `requestId`: as for a task, for all that have none of their own. */
export const EnqueueGraph = z.strictObject({
  defaults: GraphDefaults.optional(),
  tasks: z.array(GraphTask).min(1, 'The graph has no tasks.').max(MAX_ENQUEUED_AT_ONCE, TOO_MANY),
  requestId: EnqueueTask.shape.requestId,
});
export type EnqueueGraph = z.infer<typeof EnqueueGraph>;

/** The tasks by their names in the graph. */
export const EnqueuedGraph = z.object({ tasks: z.record(z.string(), EnqueuedTask) });
export type EnqueuedGraph = z.infer<typeof EnqueuedGraph>;

type Needs = Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'profiles' | 'directories' | 'settings'>;

/** What a task comes after: the place in the graph of one of its tasks, or the id of another. */
interface Edge {
  readonly to: number | TaskId;
  readonly onFailure: OnFailure;
}

/**
 * Takes all tasks of a graph in, or none, each after those that it comes after, so that among equals an earlier one is
 * older. One that has the unique key of a task that is there is stood for by that. Refusals name the task in the graph.
 */
export function createEnqueueGraph(needs: Needs) {
  const { transaction, clock } = needs;
  return async ({ tasks, defaults = {}, requestId }: EnqueueGraph): Promise<EnqueuedGraph> => {
    const asked = tasks.map((task) => completed(task, defaults));
    const edges = readEdges(asked);
    const order = orderOf(asked, edges);
    const prepare = createPrepare(needs);
    const prepared: Prepared<EnqueueTask>[] = [];
    for (const task of asked) prepared.push(await naming(task.name, prepare(commandOf(task, requestId))));
    return transaction(async (stores) => {
      const now = clock();
      await refuseOverLimit(stores, asked.length, needs.settings.tasks.maxPending);
      const made = asked.map((): EnqueuedTask | undefined => undefined);
      const idOf = (to: Edge['to']) => (typeof to === 'number' ? taskAt(made, to).id : to);
      for (const place of order) {
        const task = taskAt(prepared, place);
        const comesAfter = (edges[place] ?? []).map(({ to, onFailure }) => ({ task: idOf(to), onFailure }));
        const request = { ...task, command: { ...task.command, after: comesAfter } };
        made[place] = await naming(asked[place]?.name ?? '', enqueueIn(stores, request, needs, now));
      }
      return { tasks: Object.fromEntries(asked.map(({ name }, place) => [name, taskAt(made, place)])) };
    });
  };
}

type WholeTask = GraphTask & { readonly workspace: string };

/** What the task says, and what the graph says for those that do not. */
function completed(task: GraphTask, { runAt, delayMs, ...defaults }: GraphDefaults): WholeTask {
  const { name, workspace = defaults.workspace } = task;
  if (workspace === undefined) throw invalid(`${name}: say in which workspace it is to run.`);
  const saysWhen = task.runAt !== undefined || task.delayMs !== undefined;
  return { ...defaults, ...(!saysWhen && { runAt, delayMs }), ...task, workspace };
}

function commandOf({ name, after: _after, ...command }: WholeTask, graph: string | undefined): EnqueueTask {
  const requestId = command.requestId ?? (graph === undefined ? undefined : `${graph}/${name}`);
  return { ...command, requestId };
}

/** What each task comes after. Throws `invalid_input` for a name that is there twice, and one that is not there. */
function readEdges(tasks: readonly GraphTask[]): Edge[][] {
  const places = new Map<string, number>();
  for (const [place, { name }] of tasks.entries()) {
    if (places.has(name)) throw invalid(`The graph has two tasks named ${name}; each needs a name of its own.`);
    places.set(name, place);
  }
  let count = 0;
  return tasks.map(({ name, after: names = [], onFailure = 'fail' }) => {
    count += names.length;
    if (count > MAX_GRAPH_DEPENDENCIES) {
      throw invalid(
        `The graph has more than ${String(MAX_GRAPH_DEPENDENCIES)} dependencies; join some by tasks between.`,
      );
    }
    return names.map((entry) => {
      const dependency = typeof entry === 'string' ? { task: entry, onFailure } : entry;
      const { task } = dependency;
      const to = places.get(task) ?? (isId('task', task) ? task : undefined);
      if (task === name) throw invalid(`${name} comes after itself.`);
      if (to === undefined) {
        throw invalid(`${name} comes after "${task.slice(0, 100)}", which is no task of the graph and no id of one.`);
      }
      return { to, onFailure: dependency.onFailure };
    });
  });
}

function orderOf(tasks: readonly GraphTask[], edges: readonly Edge[][]): readonly number[] {
  const found = orderGraph(edges.map((own) => own.map(({ to }) => to).filter((to) => typeof to === 'number')));
  if ('order' in found) return found.order;
  throw cycleError(found.cycle.map((place) => tasks[place]?.name ?? ''));
}

/** Says of which task of the graph a refusal is. */
async function naming<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError) throw new DomainError(error.code, `${name}: ${error.message}`);
    throw error;
  }
}

function taskAt<T>(tasks: readonly (T | undefined)[], place: number): T {
  const task = tasks[place];
  if (task === undefined) throw new Error(`The graph has no task at ${String(place)}.`);
  return task;
}

function invalid(message: string): DomainError {
  return new DomainError('invalid_input', message);
}
