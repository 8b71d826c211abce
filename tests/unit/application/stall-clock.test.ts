import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createOpenStallClock } from '../../../src/application/agent/turn/stall-clock.js';
import type { RunActivity } from '../../../src/application/ports/look-at-run.js';
import type { ProfileSettings } from '../../../src/domain/agent/agent-profile.js';
import type { ProcessingTask } from '../../../src/domain/task/task.js';
import { openApplication } from '../../support/application.js';
import { createManualTime, type ManualTime } from '../../support/manual-time.js';

const MINUTE_MS = 60_000;
const CLAUDE = { protocol: 'claude', command: 'claude' } as const;

/** Lets the clock of the turns do what it does after a timer rang, until it is wound again or nothing is left to do. */
async function settle(time: ManualTime, isOver: () => boolean): Promise<void> {
  while (time.pending() === 0 && !isOver()) await setImmediate();
}

/** The clock of one turn, whose agent is silent, and the time, which the test moves by the minute. */
async function openClock(profile: ProfileSettings = CLAUDE) {
  const { needs } = openApplication();
  const task = (await openProcessing()) satisfies ProcessingTask;
  const time = createManualTime();
  const activity: { -readonly [Key in keyof RunActivity]: RunActivity[Key] } = {
    cpuMs: 0,
    processes: new Set(['1:1']),
  };
  const stalls: string[] = [];
  let output = '';
  let waits = false;
  const open = createOpenStallClock({
    ...time,
    logger: needs.logger,
    profiles: { ...needs.profiles, get: (name) => Promise.resolve({ ...profile, name }) },
    runIdOf: () => Promise.resolve('run_1'),
    lookAtRun: () => Promise.resolve({ ...activity }),
    attemptFiles: { tail: () => Promise.resolve({ text: '', truncated: true, bytes: output.length }) },
  });
  const clock = open(task, { isWaiting: () => waits, stalled: (message) => stalls.push(message) });
  time.advance(1_000);

  async function silence(minutes: number, meanwhile: () => void = () => undefined): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      await settle(time, () => stalls.length > 0);
      meanwhile();
      time.advance(MINUTE_MS);
    }
    await settle(time, () => stalls.length > 0);
  }

  return {
    clock,
    activity,
    stalls,
    silence,
    time,
    write: (text: string) => void (output += text),
    wait: (does: boolean) => void (waits = does),
  };
}

async function openProcessing(): Promise<ProcessingTask> {
  await using opened = openApplication();
  await opened.enqueue('go');
  const [claimed] = (await opened.app.claimTasks(opened.app.pool, 'server-1')).tasks;
  if (claimed === undefined) throw new Error('Nothing was claimed.');
  return claimed;
}

it('says once that a turn has shown no sign of life for the time of its profile', async () => {
  const { stalls, silence, time } = await openClock();
  await silence(14);
  expect(stalls).toEqual([]);
  await silence(1);
  expect(stalls).toEqual([
    'Stalled: for 15 min it said nothing, used no processor time and started or ended no process, so it was stopped.',
  ]);
  expect(time.pending()).toBe(0);
});

it.each<[string, (turn: Awaited<ReturnType<typeof openClock>>, minute: number) => void]>([
  ['tells something', ({ clock }) => clock.heard()],
  ['writes output', ({ write }) => write('.')],
  ['uses the processor', ({ activity }) => void (activity.cpuMs += 700)],
  ['starts processes', ({ activity }, n) => void (activity.processes = new Set([...activity.processes, String(n)]))],
  ['begins a process when another ends', ({ activity }, n) => void (activity.processes = new Set([String(n)]))],
  ['waits for a person', ({ wait }) => wait(true)],
])('leaves a turn alone that %s', async (_what, live) => {
  const turn = await openClock();
  let minute = 0;
  await turn.silence(40, () => live(turn, (minute += 1)));
  expect(turn.stalls).toEqual([]);
  turn.wait(false);
  await turn.silence(16);
  expect(turn.stalls).toHaveLength(1);
});

it('does not take the little that a waiting program wakes up for as work', async () => {
  const { stalls, silence, activity } = await openClock();
  await silence(15, () => void (activity.cpuMs += 300));
  expect(stalls).toHaveLength(1);
});

it('has the time that the profile says, and for a command of the user’s own none otherwise', async () => {
  const short = await openClock({ protocol: 'shell', stallTimeoutMs: 360_000 });
  await short.silence(6);
  expect(short.stalls).toEqual([
    'Stalled: for 6 min it said nothing, used no processor time and started or ended no process, so it was stopped.',
  ]);
  for (const profile of [{ protocol: 'shell' }, { ...CLAUDE, stallTimeoutMs: 0 }] as const) {
    const { time } = await openClock(profile);
    await setImmediate();
    expect(time.pending()).toBe(0);
  }
});

it('stops with the turn', async () => {
  const { clock, time } = await openClock();
  await settle(time, () => false);
  clock[Symbol.dispose]();
  expect(time.pending()).toBe(0);
});

it('fails the stalled attempt, and its task is tried again', async () => {
  await using opened = openApplication();
  const { start, enqueue, runtime, time, until } = opened;
  start();
  const { id } = await enqueue('go', { agent: 'careful' });
  const turn = await runtime.nextTurn();
  await turn.tell({ type: 'thought', text: 'hm' });
  let minutes = 0;
  for (; !turn.signal.aborted; minutes += 1) {
    time.advance(MINUTE_MS);
    await setImmediate();
  }
  expect(minutes).toBeGreaterThan(14);
  expect(await until(id, 'scheduled')).toMatchObject({
    attempts: 1,
    error: { code: 'timeout', message: expect.stringMatching(/^Stalled: for 15 min/) as string },
  });
});
