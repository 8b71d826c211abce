import type { Fact } from '../../domain/event/event.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Scope } from '../lifecycle/scope.js';
import type { NoteWork } from '../ports/event-loop.js';
import type { createFireSchedule } from './fire-schedule.js';
import type { createRealignSchedules } from './realign-schedules.js';

/** Longest sleep of the timer: after a suspend, or a jump of the wall clock, schedules are at most this late. */
const LONGEST_SLEEP_MS = 60_000;
/** Pause after a time that the storage refused to write down (disk full). */
const REFUSED_MS = 1_000;
/** Schedules that are read at once; each is fired by itself. */
const READ_AT_ONCE = 10;

interface Needs extends Pick<Dependencies, 'read' | 'eventLog' | 'clock' | 'logger'> {
  readonly fireSchedule: ReturnType<typeof createFireSchedule>;
  readonly realignSchedules: ReturnType<typeof createRealignSchedules>;
  readonly noteWork?: NoteWork;
}

/**
 * Fires schedules when their time comes. It keeps one timer, for the next time of all, and none while no schedule is
 * active. A clock that was put back is seen when the timer rings, which it does every minute at least.
 */
export function watchSchedules(needs: Needs, scope: Scope): void {
  const { read, eventLog, clock, logger, fireSchedule, realignSchedules, noteWork } = needs;
  let wakeAt = Infinity;
  /** The time of the last look; before the first one, every clock was put back. */
  let seen = Infinity;

  /** Sets the one timer to this time, unless it goes off earlier anyway. */
  function wakeBy(time: Timestamp): void {
    if (time >= wakeAt || scope.signal.aborted) return;
    wakeAt = time;
    scope.after('next schedule', Math.min(Math.max(0, time - clock()), LONGEST_SLEEP_MS), wake);
  }

  async function wake(): Promise<void> {
    wakeAt = Infinity;
    noteWork?.('schedules');
    try {
      const now = clock();
      if (now < seen) await realignSchedules(scope.signal);
      seen = now;
      await fireDue();
      const next = await read(({ schedules }) => schedules.nextAt());
      if (next !== null) wakeBy(next);
    } catch (error) {
      if (scope.signal.aborted) return;
      if (!(error instanceof DomainError)) logger.error('the schedules broke', { error });
      else logger.warn('the schedules wait', { reason: error.message });
      wakeBy(clock() + REFUSED_MS);
    }
  }

  async function fireDue(): Promise<void> {
    for (;;) {
      const due = await read(({ schedules }) => schedules.due(clock(), READ_AT_ONCE));
      if (due.length === 0) return;
      for (const schedule of due) {
        scope.signal.throwIfAborted();
        await fireSchedule(schedule);
      }
    }
  }

  function react({ type, data }: Fact): void {
    if (type !== 'schedule.added' && type !== 'schedule.resumed') return;
    if (typeof data['nextAt'] === 'number') wakeBy(data['nextAt']);
  }

  scope.defer('schedule hints', eventLog.onAppend(react));
  wakeBy(clock());
}
