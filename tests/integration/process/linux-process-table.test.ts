import { expect, it } from 'vitest';
import { createLinuxProcessTable } from '../../../src/infrastructure/process/linux-process-table.js';
import { bystander, isAlive } from '../../support/agents/bystander.js';

const table = createLinuxProcessTable();
const NO_MARKS = { runIds: new Set<string>(), outputFile: null, since: 0 };

it('never signals a process that has the pid of another one', async () => {
  await using sleeper = bystander('sleep', ['1000']);
  const identity = await table.identify(sleeper.pid);
  const startedAt = identity?.startedAt ?? 0;
  const former = { pid: sleeper.pid, startedAt: startedAt - 1 };

  expect(await table.alive([former])).toEqual([]);
  await table.signal([former], 'SIGKILL');
  expect(isAlive(sleeper.pid)).toBe(true);

  await table.signal([{ pid: sleeper.pid, startedAt }], 'SIGKILL');
  await sleeper.ended;
  expect(isAlive(sleeper.pid)).toBe(false);
});

it('finds exactly the processes that carry one of many run ids, in one look', async () => {
  await using one = bystander('sleep', ['1000'], { CW_RUN_ID: 'table-test-one' });
  await using two = bystander('sleep', ['1000'], { FIRST: 'x'.repeat(100_000), CW_RUN_ID: 'table-test-two' });
  await using three = bystander('sleep', ['1000'], { CW_RUN_ID: 'table-test-three' });
  const runIds = new Set([
    'table-test-one',
    'table-test-two',
    ...Array.from({ length: 1_000 }, (_, n) => `other-${n}`),
  ]);
  const { rows } = await table.list({ ...NO_MARKS, runIds });
  const marked = rows.filter((row) => row.marked).map(({ pid }) => pid);
  expect(marked.sort()).toEqual([one.pid, two.pid].sort());
  expect(rows.map(({ pid }) => pid)).toContain(three.pid);
});

it('lists ourselves with our parent, and no thread of the kernel', async () => {
  const { rows } = await table.list(NO_MARKS);
  expect(rows.find(({ pid }) => pid === process.pid)).toMatchObject({ parent: process.ppid, marked: false });
  const kernelThreads = rows.filter(({ parent }) => parent === 2);
  expect(kernelThreads).toEqual([]);
});

it('does not look into processes that began before the given time', async () => {
  await using sleeper = bystander('sleep', ['1000'], { CW_RUN_ID: 'table-test-late' });
  const marks = { ...NO_MARKS, runIds: new Set(['table-test-late']) };
  const startedAt = (await table.identify(sleeper.pid))?.startedAt ?? 0;
  const markedSince = async (since: number) => {
    const { rows } = await table.list({ ...marks, since });
    return rows.filter((row) => row.marked).map(({ pid }) => pid);
  };
  expect(await markedSince(startedAt)).toEqual([sleeper.pid]);
  expect(await markedSince(startedAt + 1)).toEqual([]);
});
