import type { AttemptRunner } from '../agent/attempt-runner.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** Reactor: a task was cancelled, so what its agent runs is ended. Runs until the signal is aborted. */
export async function stopCancelledAttempts(
  { eventLog, clock }: Pick<Dependencies, 'eventLog' | 'clock'>,
  runner: Pick<AttemptRunner, 'cancelled'>,
  signal: AbortSignal,
): Promise<void> {
  const { end } = await eventLog.bounds();
  for await (const followed of followLog({ eventLog, clock }, end, signal)) {
    if (followed.type === 'task.cancelled' && followed.taskId !== undefined) void runner.cancelled(followed.taskId);
  }
}
