import { dueTimes } from '../../domain/schedule/due-times.js';
import type { ActiveSchedule, Schedule } from '../../domain/schedule/schedule.js';
import { type FiredTask, failedToFire, fired, type Handled } from '../../domain/schedule/schedule-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { type EnqueueTask, enqueueIn, refuseOverLimit } from '../task/enqueue-task.js';
import { createPrepare, type Prepared } from '../task/prepare-task.js';
import { commandOf, occurrencesOf } from './scheduled-task.js';

type Needs = Pick<
  Dependencies,
  'transaction' | 'clock' | 'newId' | 'cron' | 'profiles' | 'directories' | 'settings' | 'logger'
>;

/** What is to happen to a schedule whose time has come. */
interface Plan {
  readonly handled: Handled;
  readonly nextAt: Timestamp | null;
  readonly now: Timestamp;
}

/** A refusal for a reason that lies with the schedule or its task. */
interface Refusal {
  readonly code: DomainError['code'] | 'broken';
  readonly message: string;
}

/**
 * Enqueues the task of a schedule that is due, and moves its next time on, in one transaction: neither is ever there
 * without the other. When it cannot enqueue, the schedule goes on with its next time and keeps the reason. Throws
 * `unavailable`, with nothing changed, when the storage cannot be written: the schedule stays due.
 */
export function createFireSchedule(needs: Needs) {
  const { transaction, clock, cron, settings, logger } = needs;

  return async (schedule: ActiveSchedule): Promise<void> => {
    const now = clock();
    let plan: Plan = unreadable(schedule, now);
    let prepared: Prepared<EnqueueTask> | undefined;
    try {
      plan = planFor(schedule, now);
      if (plan.handled.run.length > 0) prepared = await createPrepare(needs)(commandOf(schedule));
    } catch (error) {
      await giveUp(schedule, plan, error);
      return;
    }
    try {
      await transaction((stores) => fireIn(stores, schedule, plan, prepared));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') throw error;
      await giveUp(schedule, plan, error);
      return;
    }
    tellMissed(schedule, plan.handled);
  };

  function planFor(schedule: ActiveSchedule, now: Timestamp): Plan {
    const occurrences = occurrencesOf(schedule, cron);
    const handled = dueTimes(schedule.missed, schedule.nextAt ?? now, occurrences, now);
    return { handled, nextAt: occurrences.after(now), now };
  }

  async function fireIn(
    stores: Stores,
    schedule: ActiveSchedule,
    plan: Plan,
    prepared: Prepared<EnqueueTask> | undefined,
  ) {
    const current = await stillDue(stores, schedule);
    if (current === undefined) return;
    const tasks: FiredTask[] = [];
    if (prepared !== undefined) {
      await refuseOverLimit(stores, plan.handled.run.length, settings.tasks.maxPending);
      while (tasks.length < plan.handled.run.length) tasks.push(await enqueueIn(stores, prepared, needs, plan.now));
    }
    const { state, events } = fired(current, plan.handled, tasks, plan.nextAt, plan.now);
    await stores.schedules.save(state);
    await stores.events.append(events);
  }

  async function giveUp(schedule: ActiveSchedule, { handled, nextAt, now }: Plan, error: unknown): Promise<void> {
    const refusal = refusalOf(error);
    const { name, id } = schedule;
    if (refusal.code === 'broken') logger.error('a schedule broke', { name, id, error });
    await transaction(async (stores) => {
      const current = await stillDue(stores, schedule);
      if (current === undefined) return;
      const { state, events } = failedToFire(current, refusal, { until: handled.until, nextAt }, now);
      await stores.schedules.save(state);
      await stores.events.append(events);
    });
    logger.warn('a schedule could not enqueue its task', { name, id, reason: refusal.message });
  }

  function tellMissed({ name, id, missed }: ActiveSchedule, { missedFrom, run }: Handled): void {
    if (missedFrom === null) return;
    logger.warn('a schedule left out what it had missed', { name, id, missed, from: missedFrom, before: run[0] });
  }
}

/** The schedule, unless it was fired, paused or removed since it was read. */
async function stillDue({ schedules }: Stores, read: ActiveSchedule): Promise<ActiveSchedule | undefined> {
  const current: Schedule | undefined = await schedules.find(read.id);
  return current?.status === 'active' && current.nextAt === read.nextAt ? current : undefined;
}

/** The plan for a schedule that cannot be read: it comes up no more until the server starts again. */
function unreadable({ nextAt }: ActiveSchedule, now: Timestamp): Plan {
  return { handled: { run: [], since: null, missedFrom: null, until: nextAt ?? now }, nextAt: null, now };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof DomainError) return error;
  return { code: 'broken', message: `The server has a fault (${messageOf(error)}); its log says more.` };
}
