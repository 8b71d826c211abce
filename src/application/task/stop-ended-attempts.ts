import type { Event, Followed } from '../../domain/event/event.js';
import type { AttemptRunner } from '../agent/attempt-runner.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/**
 * Reactor: a task was cancelled, or has failed because of its deadline, so what its agent runs is ended. Runs until the
 * signal is aborted.
 */
export async function stopEndedAttempts(
  { eventLog, clock }: Pick<Dependencies, 'eventLog' | 'clock'>,
  runner: Pick<AttemptRunner, 'cancelled'>,
  signal: AbortSignal,
): Promise<void> {
  const { end } = await eventLog.bounds();
  for await (const followed of followLog({ eventLog, clock }, end, signal)) {
    if (isEndFromOutside(followed) && followed.taskId !== undefined) void runner.cancelled(followed.taskId);
  }
}

function isEndFromOutside(followed: Followed): followed is Event {
  if (followed.type === 'task.cancelled') return true;
  return followed.type === 'task.failed' && followed.data['code'] === 'deadline';
}
