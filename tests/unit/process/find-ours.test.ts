import { expect, it } from 'vitest';
import { findOurs, type Known } from '../../../src/infrastructure/process/find-ours.js';
import type { ProcessRow } from '../../../src/infrastructure/process/process-table.js';

/** The server is process 10, a child of the shell 5 that began a session of its own. */
const SERVER = [row(1, 0), row(5, 1), row(10, 5, { group: 10, session: 5 })];
const ROOT = { pid: 20, startedAt: 20 };

/** A process started at the time of its pid, in its own group and session unless told. */
function row(pid: number, parent: number, change: Partial<ProcessRow> = {}): ProcessRow {
  return { pid, parent, group: pid, session: pid, startedAt: pid, cpuMs: 0, marked: false, ...change };
}

function ours(rows: ProcessRow[], known: Partial<Known> = {}): number[] {
  return findOurs([...SERVER, ...rows], { root: null, seen: [], self: 10, ...known })
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
}

it('takes the program itself, its descendants of any depth in any order, and nobody else', () => {
  expect(ours([row(40, 30), row(30, 20), row(20, 10), row(41, 40), row(99, 1)], { root: ROOT })).toEqual([
    20, 30, 40, 41,
  ]);
});

it('takes what carries the mark, wherever it stands, with its descendants', () => {
  expect(ours([row(30, 1, { marked: true }), row(31, 30)])).toEqual([30, 31]);
});

it('takes members of the session and of the group of the program after it has ended', () => {
  const orphans = [row(30, 1, { session: 20 }), row(31, 1, { group: 20 }), row(32, 1)];
  expect(ours(orphans, { root: ROOT })).toEqual([30, 31]);
});

it('leaves a process alone that has the pid of a program that ended, and its session', () => {
  const reused = [row(20, 1, { startedAt: 50 }), row(51, 20, { session: 20, group: 20 })];
  expect(ours(reused, { root: ROOT })).toEqual([]);
});

it('leaves members of a session alone that began before the program with its number', () => {
  expect(ours([row(15, 1, { session: 20, group: 20 })], { root: ROOT })).toEqual([]);
});

it('goes on to know a process that it has seen, and only by its start time', () => {
  const seen = [
    { pid: 30, startedAt: 30 },
    { pid: 31, startedAt: 31 },
  ];
  expect(ours([row(30, 1), row(31, 1, { startedAt: 70 }), row(32, 30)], { seen })).toEqual([30, 32]);
});

it('never takes the first process, the server or its ancestors, whatever they carry', () => {
  const marked = { marked: true };
  const known = { root: null, seen: [{ pid: 5, startedAt: 5 }], self: 10 };
  const rows = [row(1, 0, marked), row(5, 1, marked), row(10, 5, marked), row(30, 1, marked)];
  expect(findOurs(rows, known).map(({ pid }) => pid)).toEqual([30]);
});

it('does not take the other children of the server for those of a run', () => {
  expect(ours([row(20, 10), row(21, 10), row(22, 21)], { root: ROOT })).toEqual([20]);
});
