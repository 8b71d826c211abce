import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../../src/domain/event/event.js';
import type { TaskId } from '../../../src/domain/shared/id.js';
import { attemptName } from '../../../src/domain/task/attempt.js';
import { openChaosHome, wrongEnd } from './chaos-home.js';

/** Tasks of a graph side by side; what comes after them stands in the next layer. */
const WIDTH = 10;
const LAYERS = 5;
/** Places in the layer before that a task comes after, counted from its own. */
const AFTER = [0, 1, 7];
/** Seconds that tasks take, in turns. */
const WORK = ['0.1', '0.3', '0.6', '1', '1.5'];

export interface GraphChaosOptions {
  /** Each of 50 tasks. */
  readonly graphs: number;
  /** So long after it was there each server is killed, in milliseconds. */
  readonly killEveryMs: number;
  /** How long servers are killed, in milliseconds; afterwards what is left runs in peace. */
  readonly forMs: number;
}

export interface GraphChaosReport {
  readonly tasks: number;
  readonly kills: number;
  /** Attempts that took effect, and began. */
  readonly effects: number;
  readonly attempts: number;
  readonly takenOver: number;
  /** Until the last task had finished. */
  readonly seconds: number;
  /** Tasks that did not end in exactly one `task.completed`, with how they did end. */
  readonly wrong: readonly string[];
  /** Effects of one attempt that are there twice, or of one that is none; and tasks whose last attempt had none. */
  readonly misrun: readonly string[];
  /** Tasks that began before what they come after had completed. */
  readonly early: readonly string[];
  /** Processes of agents that were left at the end. */
  readonly strays: number;
}

/** Kills the server at a steady pace while it runs graphs of tasks, each of which leaves a line with its own epoch. */
export async function runGraphChaos(options: GraphChaosOptions): Promise<GraphChaosReport> {
  await using home = await openChaosHome(8);
  const { client, path } = home;
  const effects = join(path, 'effects');
  let hasFailed = false;
  await home.start();
  const begin = performance.now();
  const killing = home.killUntil(
    () => hasFailed || performance.now() - begin > options.forMs,
    () => options.killEveryMs,
  );
  // Awaited below; until then its failure must not end the process.
  killing.catch(() => undefined);
  const after = new Map<TaskId, readonly TaskId[]>();
  let seconds = 0;
  try {
    const lastLayers = await Promise.all(
      Array.from({ length: options.graphs }, async (_, n) => {
        // The id of the request keeps an answer that was lost from becoming a second graph.
        const graph = { requestId: `graph ${String(n)}`, tasks: graphOf(path, effects) };
        const { tasks } = await home.ask(() => client.task.enqueueGraph.mutate(graph));
        for (const task of Object.values(tasks)) after.set(task.id, task.after);
        return places().flatMap((place) => tasks[nameOf(LAYERS - 1, place)]?.id ?? []);
      }),
    );
    await Promise.all(lastLayers.flat().map((id) => home.untilFinished(id)));
    seconds = (performance.now() - begin) / 1_000;
  } catch (error) {
    hasFailed = true;
    // A start that is under way would bring a server back after the stop.
    await killing.catch(() => undefined);
    throw error;
  }
  const kills = await killing;
  await home.start();
  const events = await home.events();
  const lines = (await readFile(effects, 'utf8')).trimEnd().split('\n');
  return {
    tasks: after.size,
    kills,
    effects: lines.length,
    attempts: events.filter(({ type }) => type === 'task.started').length,
    takenOver: await home.takenOver(),
    seconds: Math.round(seconds),
    wrong: [...after.keys()].flatMap((id) => wrongEnd(id, events)),
    misrun: misrunIn(lines, [...after.keys()], events),
    early: earlyIn(after, events),
    strays: home.strays(),
  };
}

const places = () => Array.from({ length: WIDTH }, (_, place) => place);
const nameOf = (layer: number, place: number) => `${String(layer)}/${String(place % WIDTH)}`;

function graphOf(workspace: string, effects: string) {
  return Array.from({ length: LAYERS }, (_, layer) => layer).flatMap((layer) =>
    places().map((place) => ({
      name: nameOf(layer, place),
      after: layer === 0 ? [] : AFTER.map((step) => nameOf(layer - 1, place + step)),
      prompt: promptOf(WORK[(layer + place) % WORK.length] ?? '0', effects),
      agent: 'shell',
      workspace,
      maxAttempts: 1,
    })),
  );
}

/** Works, then tells with one write which attempt it was: its output lies in a directory of that name. */
function promptOf(seconds: string, effects: string): string {
  return `sleep ${seconds}; o=$(readlink /proc/$$/fd/1); o=\${o%/*}; echo "\${o##*/}" >> ${effects}`;
}

/** Each line is that of an attempt which has begun, and of no other one; the attempt that completed its task has one. */
function misrunIn(lines: readonly string[], tasks: readonly TaskId[], events: readonly Event[]): string[] {
  const attemptsOf = (type: string) =>
    events
      .filter((event) => event.type === type)
      .map(({ taskId, data }) => attemptName(taskId as TaskId, Number(data['epoch'])));
  const begun = new Set(attemptsOf('task.started'));
  const seen = new Set<string>();
  const twice = lines.filter((line) => seen.size === seen.add(line).size);
  const completed = new Set(attemptsOf('task.completed'));
  return [
    ...twice.map((line) => `${line} is there twice`),
    ...lines.filter((line) => !begun.has(line)).map((line) => `${line} never began`),
    ...[...completed].filter((name) => !seen.has(name)).map((name) => `${name} completed and did nothing`),
    ...(completed.size === tasks.length ? [] : [`${String(completed.size)} attempts completed`]),
  ];
}

function earlyIn(after: ReadonlyMap<TaskId, readonly TaskId[]>, events: readonly Event[]): string[] {
  const completed = new Map(
    events.filter(({ type }) => type === 'task.completed').map(({ taskId, position }) => [taskId, position]),
  );
  return events
    .filter(({ type }) => type === 'task.started')
    .flatMap(({ taskId, position }) =>
      (after.get(taskId as TaskId) ?? [])
        .filter((before) => (completed.get(before) ?? Infinity) > position)
        .map((before) => `${String(taskId)} began before ${before} had completed`),
    );
}
