import Database from 'better-sqlite3';
import { decodeId } from '../../../src/domain/shared/id.js';
import { DEPENDENCY_QUERIES } from '../../../src/infrastructure/sqlite/dependency-queries.js';
import { EVENT_STATEMENTS } from '../../../src/infrastructure/sqlite/event-rows.js';
import { READY_QUERIES } from '../../../src/infrastructure/sqlite/ready-tasks.js';
import { QUEUE_STATEMENTS } from '../../../src/infrastructure/sqlite/sqlite-queue-repository.js';
import { TASK_COUNT_STATEMENTS } from '../../../src/infrastructure/sqlite/task-counts.js';
import { TASK_QUERIES } from '../../../src/infrastructure/sqlite/task-queries.js';
import { TASK_WRITES } from '../../../src/infrastructure/sqlite/task-writes.js';
import { createNewId } from '../../../src/infrastructure/system/ids.js';
import { OPEN_PLACE, PROMPT } from '../../support/fill-queue.js';
import { perSecond } from './figures.js';
import { AT_ONCE, RESULT } from './our-queue.js';

const OWNER = '0b1f5a7e-5f0e-4b39-9b1c-4d8e8f0f2a11';

/**
 * Bare better-sqlite3 with the statements that the queue runs, in the same order and with the same rows, in groups of a
 * fixed size with synchronous=FULL: no promises, domain or checks, and no rows made into objects.
 */
export function openBareQueue(file: string) {
  const db = new Database(file);
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: 0 });
  const findWorkspace = db.prepare('SELECT * FROM workspace WHERE path = ?').raw();
  const insert = db.prepare(TASK_WRITES.insert);
  const paused = db.prepare(QUEUE_STATEMENTS.get).raw();
  const ready = db.prepare<unknown[], [number]>(READY_QUERIES.first).raw();
  const byId = db.prepare(TASK_QUERIES.byId).raw();
  const dependents = db.prepare(DEPENDENCY_QUERIES.dependents).raw();
  const claim = db.prepare(TASK_WRITES.claim);
  const complete = db.prepare(TASK_WRITES.complete);
  const openAttempt = db.prepare(TASK_WRITES.openAttempt);
  const closeAttempt = db.prepare(TASK_WRITES.closeAttempt);
  const append = db.prepare(EVENT_STATEMENTS.append);
  const count = db.prepare(TASK_COUNT_STATEMENTS.add);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const agentId = newId('agent');
  const agentKey = decodeId(agentId);

  function tell(type: string, now: number, key: number, data: object): void {
    append.run(type, now, key, null, null, null, null, JSON.stringify(data));
  }

  function insertOne(): void {
    findWorkspace.get(OPEN_PLACE.path);
    const now = Date.now();
    const key = decodeId(newId('task'));
    // Each value that is null here is one in the queue's own rows.
    const tried = [0, 0, null, null, null, null, null] as const;
    const asked = ['shell', OPEN_PLACE.key, 0, 3, 3_600_000, 0, null, now, PROMPT, 0, ''] as const;
    const none = ['', null, null, null, null] as const;
    insert.run(key, 'pending', now, ...tried, ...asked, ...none);
    tell('task.enqueued', now, key, { status: 'pending', agent: 'shell', priority: 0, runAt: now });
  }

  function claimGroup(size: number): number[] {
    paused.get();
    return ready.all(size).map(([key]) => {
      const now = Date.now();
      claim.run(1, 1, agentKey, OWNER, null, now, key);
      openAttempt.run(key, 1, agentKey, now);
      tell('task.started', now, key, { epoch: 1, attempt: 1, agentId, waitedMs: 0 });
      return key;
    });
  }

  function completeOne(key: number): void {
    byId.get(key);
    const now = Date.now();
    complete.run(null, now, RESULT.exitCode, RESULT.bytes, 0, RESULT.text, key);
    closeAttempt.run(now, 'completed', 0, null, null, key, 1);
    tell('task.completed', now, key, { epoch: 1, exitCode: 0, durationMs: 0 });
    dependents.all(key);
  }

  return {
    /** Tasks a second that are put in, in groups of so many. */
    enqueue(tasks: number, size: number): number {
      const start = performance.now();
      for (let n = 0; n < tasks; n += size) {
        begin.run();
        for (let one = 0; one < size; one += 1) insertOne();
        count.run(size, 'pending');
        commit.run();
      }
      return perSecond(tasks, start);
    },
    /** Tasks a second that are claimed and completed: a group completes some and claims as many. */
    process(tasks: number): number {
      const start = performance.now();
      let running: number[] = [];
      for (let n = 0; n <= tasks; n += AT_ONCE) {
        begin.run();
        for (const key of running) completeOne(key);
        const ended = running.length;
        running = n < tasks ? claimGroup(AT_ONCE) : [];
        count.run(-running.length, 'pending');
        count.run(running.length - ended, 'processing');
        count.run(ended, 'completed');
        commit.run();
      }
      return perSecond(tasks, start);
    },
    [Symbol.dispose]() {
      db.close();
    },
  };
}
