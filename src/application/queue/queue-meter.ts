import type { Event, Position } from '../../domain/event/event.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { TaskErrorCode } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { Scope } from '../lifecycle/scope.js';
import type { Timer } from '../ports/timer.js';
import { inSteps } from '../retention/in-steps.js';
import { createHourOfCounts, HOUR_MS, type LastHour } from './last-hour.js';

/** Events that are read at most to count the hour before the start: some 2 s beside all else, in steps of 2 or 3 ms. */
const MOST_READ = 100_000;
/** Events of one step. */
const STEP_EVENTS = 500;
/**
 * Tasks whose start, or readiness, is remembered at most, some 100 bytes each. Past that the oldest are forgotten, and are
 * timed less exactly or not at all; as many run at once only when their events were lost.
 */
const MOST_REMEMBERED = 10_000;

/** Counts what the queue does, from the events that are committed. */
export interface QueueMeter {
  /** Counts from now on, until the scope closes. */
  listen(scope: Scope): void;
  /** Counts what the log holds of the hour before, in small steps. Throws the signal's reason. */
  catchUp(signal: AbortSignal): Promise<void>;
  read(): LastHour;
}

export function createQueueMeter({
  eventLog,
  clock,
  timer,
}: Pick<Dependencies, 'eventLog' | 'clock'> & { readonly timer: Timer }): QueueMeter {
  const hour = createHourOfCounts();
  const running = new Map<TaskId, Timestamp>();
  /** Since when those can run that could not when they were enqueued, or ran and were interrupted. */
  const ready = new Map<TaskId, Timestamp>();
  let since = clock();
  /** Nothing is counted twice: up to here the log was read, and from here on it was listened to. */
  let listensFrom: Position | undefined;
  /** Where a try that broke off goes on. */
  let readTo: Position | undefined;

  function take({ type, at, taskId, data }: Event): void {
    if (taskId === undefined) return;
    switch (type) {
      case 'task.started': {
        const waited = Math.min(Number(data['waitedMs'] ?? 0), at - (ready.get(taskId) ?? 0));
        ready.delete(taskId);
        remember(running, taskId, at);
        hour.waited(at, waited);
        break;
      }
      case 'task.completed':
        running.delete(taskId);
        hour.completed(at);
        hour.ran(at, Number(data['durationMs']));
        break;
      case 'task.failed':
        hour.failed(at);
        attemptFailed(at, taskId, data['code']);
        break;
      case 'task.retried':
        if (data['by'] === 'backoff') attemptFailed(at, taskId, data['code']);
        break;
      case 'task.interrupted':
        running.delete(taskId);
        remember(ready, taskId, at);
        break;
      case 'task.unblocked':
        // What waited for a time or an answer could run from that time on, and its start says since when that is.
        if (data['by'] === 'dependencies') remember(ready, taskId, at);
        break;
      case 'task.parked':
      case 'task.cancelled':
        running.delete(taskId);
        ready.delete(taskId);
        break;
      default:
    }
  }

  function attemptFailed(at: Timestamp, taskId: TaskId, code: unknown): void {
    const startedAt = running.get(taskId);
    running.delete(taskId);
    if (startedAt !== undefined) hour.ran(at, at - startedAt);
    hour.attemptFailed(at, code as TaskErrorCode);
  }

  return {
    listen(scope) {
      const stop = eventLog.onCommit((events) => {
        listensFrom ??= events[0]?.position;
        for (const event of events) take(event);
      });
      scope.defer('queue meter', stop);
    },
    async catchUp(signal) {
      const { start, end } = await eventLog.bounds();
      const until = Math.min(end, (listensFrom ?? Number.MAX_SAFE_INTEGER) - 1);
      const from = Math.max(start, until - MOST_READ);
      const began = clock() - HOUR_MS;
      let cursor = readTo ?? (await lastBefore(began, from, until));
      const [first] = await eventLog.after(cursor, 1);
      const reaches = cursor === from && from > start ? (first?.at ?? since) : began;
      await inSteps({ timer }, signal, async () => {
        const batch = await eventLog.after(cursor, STEP_EVENTS);
        for (const event of batch) if (event.position <= until) take(event);
        readTo = cursor = batch.at(-1)?.position ?? until;
        return cursor < until;
      });
      since = Math.min(since, reaches);
    },
    read: () => hour.read(clock(), since),
  };

  /** The greatest position from `from` on whose events up to it are of before this moment. */
  async function lastBefore(moment: Timestamp, from: Position, until: Position): Promise<Position> {
    let [low, high] = [from, until];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [event] = await eventLog.after(middle, 1);
      if (event !== undefined && event.at < moment && event.position <= until) low = event.position;
      else high = middle;
    }
    return low;
  }
}

function remember(map: Map<TaskId, Timestamp>, taskId: TaskId, at: Timestamp): void {
  if (map.size >= MOST_REMEMBERED) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(taskId, at);
}
