import { describe, expect, it } from 'vitest';
import { dueTimes, MAX_CAUGHT_UP, ON_TIME_MS } from '../../../src/domain/schedule/due-times.js';
import { everyInterval } from '../../../src/domain/schedule/occurrences.js';
import { type ActiveSchedule, EveryMs, ScheduleName } from '../../../src/domain/schedule/schedule.js';
import { nameFrom } from '../../../src/domain/schedule/schedule-name.js';
import {
  addSchedule,
  failedToFire,
  fired,
  firedByRequest,
  pauseSchedule,
  realignSchedule,
  resumeSchedule,
} from '../../../src/domain/schedule/schedule-transitions.js';
import { encodeId } from '../../../src/domain/shared/id.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A moment at which an hour begins. */
const MADE = 1_800_000_000_000;
const hourly = everyInterval(HOUR, MADE);
const TASK = { id: encodeId('task', 1), existing: false };

function schedule(changes: Partial<ActiveSchedule> = {}): ActiveSchedule {
  const { state } = addSchedule(
    {
      id: encodeId('schedule', 1),
      name: 'hourly',
      spec: { everyMs: HOUR },
      task: { prompt: 'true', workspace: '/work' },
      missed: 'once',
    },
    hourly,
    MADE,
  );
  return { ...state, ...changes };
}

/** Fires a schedule at this time, as its service does. */
function fire(state: ActiveSchedule, now: number): ActiveSchedule {
  const handled = dueTimes(state.missed, state.nextAt ?? now, hourly, now);
  return fired(
    state,
    handled,
    handled.run.map(() => TASK),
    hourly.after(now),
    now,
  ).state;
}

describe('an interval', () => {
  it('keeps its phase, however late each time is handled', () => {
    let state = schedule();
    for (let n = 1; n <= 100; n += 1) {
      expect(state.nextAt).toBe(MADE + n * HOUR);
      state = fire(state, (state.nextAt ?? 0) + 17 * n);
    }
  });

  it('lists the times of a stretch, both ends included, and of too many the latest', () => {
    expect(hourly.between(MADE + HOUR, MADE + 3 * HOUR, 10)).toEqual([1, 2, 3].map((n) => MADE + n * HOUR));
    expect(hourly.between(MADE + HOUR, MADE + 9 * HOUR, 2)).toEqual([8, 9].map((n) => MADE + n * HOUR));
    expect(hourly.between(MADE + 1, MADE + 2, 5)).toEqual([]);
    expect(hourly.after(MADE - 1)).toBe(MADE);
    expect(hourly.after(MADE - DAY)).toBe(MADE - DAY + HOUR);
  });

  it.each([0, 1, 999, 1e12, 1.5, -1])('of %d ms is refused in a sentence', (everyMs) => {
    expect(EveryMs.safeParse(everyMs).error?.issues[0]?.message).toMatch(/^An interval is from 1s to 365d/);
  });
});

describe('times that were missed', () => {
  const from = MADE + HOUR;
  const late = MADE + 5 * HOUR + ON_TIME_MS + 1;

  it('are left out with skip, also the last one if that is long over', () => {
    expect(dueTimes('skip', from, hourly, late)).toEqual({
      run: [],
      since: null,
      missedFrom: from,
      until: MADE + 5 * HOUR,
    });
    const state = fire(schedule({ missed: 'skip' }), late);
    expect(state).toMatchObject({ nextAt: MADE + 6 * HOUR, lastAt: null, lastTaskId: null });
  });

  it('are left out with skip up to the one whose time is now', () => {
    const last = MADE + 5 * HOUR;
    expect(dueTimes('skip', from, hourly, last + ON_TIME_MS)).toEqual({
      run: [last],
      since: null,
      missedFrom: from,
      until: last,
    });
    expect(dueTimes('skip', from, hourly, from + 3)).toMatchObject({ run: [from], missedFrom: null });
  });

  it('have one task together with once', () => {
    expect(dueTimes('once', from, hourly, late)).toEqual({
      run: [MADE + 5 * HOUR],
      since: from,
      missedFrom: null,
      until: MADE + 5 * HOUR,
    });
    expect(dueTimes('once', from, hourly, from)).toMatchObject({ run: [from], since: null });
  });

  it('have a task each with all, the latest ones if there are too many', () => {
    expect(dueTimes('all', from, hourly, late).run).toEqual([1, 2, 3, 4, 5].map((n) => MADE + n * HOUR));
    const much = dueTimes('all', from, hourly, MADE + 30 * DAY);
    expect(much.run).toHaveLength(MAX_CAUGHT_UP);
    expect(much.run.at(-1)).toBe(MADE + 30 * DAY);
    expect(much.missedFrom).toBe(from);
    const { events } = fired(
      schedule(),
      much,
      much.run.map(() => TASK),
      null,
      MADE + 30 * DAY,
    );
    expect(events[0]).toMatchObject({ type: 'schedule.missed', data: { from, before: much.run[0] } });
    expect(events).toHaveLength(MAX_CAUGHT_UP + 1);
  });

  it('are none while a schedule is paused', () => {
    const { state: paused } = pauseSchedule(schedule(), MADE + 1);
    expect(paused.nextAt).toBeNull();
    expect(pauseSchedule(paused, MADE + 2)).toEqual({ state: paused, events: [] });
    const { state, events } = resumeSchedule(paused, hourly, MADE + 5 * HOUR + 1);
    expect(state.nextAt).toBe(MADE + 6 * HOUR);
    expect(events).toMatchObject([{ type: 'schedule.resumed', data: { nextAt: MADE + 6 * HOUR } }]);
    expect(resumeSchedule(state, hourly, MADE)).toEqual({ state, events: [] });
  });
});

describe('a clock that jumps', () => {
  it('back a little does not come to the same time twice', () => {
    const state = fire(schedule(), MADE + HOUR + 20);
    const again = realignSchedule(state, hourly, MADE + HOUR - 500);
    expect(again.state.nextAt).toBe(MADE + 2 * HOUR);
    expect(again.events).toEqual([]);
    const { state: resumed } = resumeSchedule(pauseSchedule(state, MADE + HOUR).state, hourly, MADE + HOUR - 500);
    expect(resumed.nextAt).toBe(MADE + 2 * HOUR);
  });

  it('back a day does not silence a schedule until the old time', () => {
    const ahead = fire(schedule(), MADE + DAY + 20);
    expect(ahead.nextAt).toBe(MADE + DAY + HOUR);
    const { state, events } = realignSchedule(ahead, hourly, MADE + 90 * 60_000);
    expect(state.nextAt).toBe(MADE + 2 * HOUR);
    expect(events).toMatchObject([{ type: 'schedule.changed', data: { nextAt: MADE + 2 * HOUR } }]);
    expect(fire(state, MADE + 2 * HOUR).nextAt).toBe(MADE + 3 * HOUR);
  });

  it('back before a schedule was made goes by the new time', () => {
    expect(realignSchedule(schedule(), hourly, MADE - DAY + 1).state.nextAt).toBe(MADE - DAY + HOUR);
  });

  it('forwards leaves what is due to the policy', () => {
    const state = schedule();
    expect(realignSchedule(state, hourly, MADE + DAY)).toEqual({ state, events: [] });
  });
});

describe('a schedule', () => {
  it('that cannot enqueue goes on with its next time, and keeps why until it can', () => {
    const now = MADE + HOUR;
    const error = { code: 'invalid_input', message: 'gone' } as const;
    const { state, events } = failedToFire(schedule(), error, { until: now, nextAt: hourly.after(now) }, now);
    expect(state).toMatchObject({ nextAt: MADE + 2 * HOUR, lastError: { at: now, ...error }, lastAt: null });
    expect(events).toMatchObject([{ type: 'schedule.failed', data: { name: 'hourly', ...error } }]);
    expect(fire(state, MADE + 2 * HOUR).lastError).toBeNull();
  });

  it('that is run by request keeps its next time', () => {
    const { state, events } = firedByRequest(schedule(), TASK, MADE + 5);
    expect(state).toMatchObject({ nextAt: MADE + HOUR, lastAt: MADE + 5, lastTaskId: TASK.id });
    expect(events).toMatchObject([{ type: 'schedule.fired', taskId: TASK.id, data: { by: 'request', due: null } }]);
  });

  it('whose time never comes is refused', () => {
    const never = { after: () => null, between: () => [] };
    expect(() => addSchedule(schedule(), never, MADE)).toThrow('This schedule would never run');
  });

  it('is named by the first words of its prompt, or as the user says', () => {
    expect(nameFrom('npm audit --fix')).toBe('npm-audit-fix');
    expect(nameFrom('Update the dependencies and open a pull request')).toBe('update-the-dependencies-and-open');
    expect(nameFrom('更新')).toBe('schedule');
    expect(nameFrom('x'.repeat(500))).toBe('x'.repeat(32));
    expect(ScheduleName.safeParse('nightly').success).toBe(true);
    expect(ScheduleName.safeParse(encodeId('schedule', 1)).success).toBe(false);
    expect(ScheduleName.safeParse('-x').success).toBe(false);
  });
});
