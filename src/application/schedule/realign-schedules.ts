import { setImmediate } from 'node:timers/promises';
import type { ActiveSchedule } from '../../domain/schedule/schedule.js';
import { realignSchedule } from '../../domain/schedule/schedule-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { ScheduleId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { occurrencesOf } from './scheduled-task.js';

/** Schedules that are looked at in one turn of the event loop: to ask for the next time of one takes some 0.5 ms. */
const STEP = 20;

/**
 * Asks for the next times of all schedules anew: at the start, for the rules of time zones may be others than at the last
 * one, and after the clock was put back. What is due stays due.
 */
export function createRealignSchedules({
  transaction,
  read,
  clock,
  cron,
  logger,
}: Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'cron' | 'logger'>) {
  return async (signal: AbortSignal): Promise<void> => {
    let before: ScheduleId | undefined;
    do {
      signal.throwIfAborted();
      const page = await read(({ schedules }) => schedules.list({ before, limit: STEP }));
      for (const schedule of page) if (schedule.status === 'active' && isMoved(schedule)) await realign(schedule);
      before = page.length < STEP ? undefined : page.at(-1)?.id;
      await setImmediate();
    } while (before !== undefined);
  };

  /** Looked at outside of a transaction first, since nearly always nothing is to be changed. */
  function isMoved(schedule: ActiveSchedule): boolean {
    try {
      return realignSchedule(schedule, occurrencesOf(schedule, cron), clock()).events.length > 0;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      logger.warn('a schedule cannot be read', { name: schedule.name, id: schedule.id, reason: error.message });
      return false;
    }
  }

  async function realign({ id }: ActiveSchedule): Promise<void> {
    await transaction(async ({ schedules, events }) => {
      const schedule = await schedules.find(id);
      if (schedule?.status !== 'active') return;
      const { state, events: facts } = realignSchedule(schedule, occurrencesOf(schedule, cron), clock());
      await schedules.save(state);
      await events.append(facts);
    });
  }
}
