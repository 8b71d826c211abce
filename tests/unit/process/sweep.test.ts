import { expect, it } from 'vitest';
import type { Marks, ProcessRow, ProcessTable } from '../../../src/infrastructure/process/process-table.js';
import { createSweep } from '../../../src/infrastructure/process/sweep.js';

interface Pretended {
  readonly pid: number;
  /** Signals that end it. */
  readonly endsAt: readonly NodeJS.Signals[];
  /** A look at it fails this many times before it is seen. */
  unseen?: number;
}

/** A process table of marked processes that end at the signals that they are told to. */
function pretendedTable(processes: Pretended[]) {
  const living = new Set(processes);
  const signals: string[] = [];
  const looks: Marks[] = [];
  const row = ({ pid }: Pretended): ProcessRow => ({
    pid,
    parent: 1,
    group: pid,
    session: pid,
    startedAt: 1,
    cpuMs: 0,
    marked: true,
  });
  const find = (pid: number) => [...living].find((process) => process.pid === pid);
  const table: ProcessTable = {
    async identify(pid) {
      return { pid, startedAt: 1 };
    },
    async list(marks) {
      looks.push(marks);
      const unseen = [...living].filter((process) => (process.unseen ?? 0) > 0);
      for (const process of unseen) process.unseen = (process.unseen ?? 0) - 1;
      return {
        rows: [...living].filter((process) => !unseen.includes(process)).map(row),
        complete: unseen.length === 0,
      };
    },
    async alive(identities) {
      return identities.filter(({ pid }) => find(pid) !== undefined);
    },
    async signal(identities, signal) {
      for (const { pid } of identities) {
        signals.push(`${signal} ${pid}`);
        const process = find(pid);
        if (process?.endsAt.includes(signal) === true) living.delete(process);
      }
    },
  };
  return { table, signals, looks };
}

const TARGET = { runIds: ['one', 'two'], root: null, outputFile: null };

it('looks once and signals nobody when there is nothing to end', async () => {
  const { table, signals, looks } = pretendedTable([]);
  expect(await createSweep({ table })(TARGET)).toEqual({ ended: 0, left: 0 });
  expect(signals).toEqual([]);
  expect(looks).toEqual([{ runIds: new Set(['one', 'two']), outputFile: null, since: 0 }]);
});

it('looks only into processes that began with the program or after it', async () => {
  const { table, looks } = pretendedTable([]);
  await createSweep({ table })({ ...TARGET, root: { pid: 20, startedAt: 77 } });
  expect(looks[0]).toMatchObject({ since: 77 });
});

it('asks before it kills, and kills only who does not obey', async () => {
  const { table, signals } = pretendedTable([
    { pid: 30, endsAt: ['SIGTERM'] },
    { pid: 31, endsAt: ['SIGKILL'] },
  ]);
  expect(await createSweep({ table, graceMs: 1 })(TARGET)).toEqual({ ended: 2, left: 0 });
  expect(signals).toEqual(['SIGTERM 30', 'SIGTERM 31', 'SIGCONT 30', 'SIGCONT 31', 'SIGSTOP 31', 'SIGKILL 31']);
});

it('looks again when a process ended while it looked, because a child of it may have been missed', async () => {
  const { table } = pretendedTable([{ pid: 30, endsAt: ['SIGTERM'], unseen: 2 }]);
  expect(await createSweep({ table, graceMs: 1 })(TARGET)).toEqual({ ended: 1, left: 0 });
});

it('gives up on what cannot be ended after a bounded time, and says so', { timeout: 15_000 }, async () => {
  const { table } = pretendedTable([
    { pid: 30, endsAt: [] },
    { pid: 31, endsAt: ['SIGTERM'] },
  ]);
  expect(await createSweep({ table, graceMs: 1 })(TARGET)).toEqual({ ended: 1, left: 1 });
});
