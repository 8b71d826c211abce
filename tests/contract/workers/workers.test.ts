import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { createWorkerPool, type WorkerPoolOptions } from '../../../src/infrastructure/workers/worker-pool.js';
import { appears } from '../../support/appears.js';
import { createManualTime } from '../../support/manual-time.js';
import { temporaryDirectory } from '../../support/storage.js';
import type { TestJobs } from '../../support/worker-jobs.js';

/** Long enough for everything here; what is about time limits moves the clock by hand. */
const IN_TIME = { timeoutMs: 60_000 };

function openPool(options: Partial<WorkerPoolOptions> = {}) {
  const errors: unknown[] = [];
  const pool = createWorkerPool<TestJobs>({
    entry: fileURLToPath(new URL('../../support/worker-jobs.ts', import.meta.url)),
    execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    timer,
    logger: { error: (_message, details) => errors.push(details) },
    ...options,
  });
  return { pool, errors, [Symbol.asyncDispose]: () => pool.close() };
}

/** A directory for what jobs write. */
async function openPlace() {
  const directory = await temporaryDirectory();
  return {
    file: (name: string) => join(directory.path, name),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('a job', () => {
  it('is answered with what it gives', async () => {
    await using opened = openPool();
    expect(await opened.pool.run('add', { a: 2, b: 3 }, IN_TIME)).toBe(5);
  });

  it('that refuses is refused with the same words here', async () => {
    await using opened = openPool();
    const refused = opened.pool.run('refuse', { message: 'It is there already.' }, IN_TIME);
    await expect(refused).rejects.toMatchObject({
      name: 'DomainError',
      code: 'conflict',
      message: 'It is there already.',
    });
  });

  it('that throws throws here, with code and place, and its thread goes on', async () => {
    await using opened = openPool({ maxThreads: 1 });
    const failed = opened.pool.run('fail', { message: 'Other disk.' }, IN_TIME);
    await expect(failed).rejects.toMatchObject({
      message: 'Other disk.',
      code: 'EXDEV',
      stack: expect.stringContaining('worker-jobs.ts') as string,
    });
    expect(await opened.pool.run('add', { a: 1, b: 1 }, IN_TIME)).toBe(2);
    expect(opened.pool.threads()).toBe(1);
  });

  it('whose answer cannot be sent is an error that names it, and the next one runs', async () => {
    await using opened = openPool({ maxThreads: 1 });
    await expect(opened.pool.run('giveFunction', undefined, IN_TIME)).rejects.toThrow('giveFunction');
    expect(await opened.pool.run('add', { a: 1, b: 1 }, IN_TIME)).toBe(2);
  });
});

describe('jobs that wait', () => {
  it('run in the order in which they were asked for', async () => {
    await using place = await openPlace();
    await using opened = openPool({ maxThreads: 1 });
    const file = place.file('order');
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    await Promise.all(numbers.map((n) => opened.pool.run('note', { file, n }, IN_TIME)));
    expect((await readFile(file, 'utf8')).trim().split('\n').map(Number)).toEqual(numbers);
  });

  it('are bounded: one more is refused at once, and there is room again when one has left', async () => {
    await using place = await openPlace();
    await using opened = openPool({ maxThreads: 1, maxWaiting: 2 });
    const [ending, leaving] = [new AbortController(), new AbortController()];
    const running = opened.pool.run('spin', { started: place.file('on') }, { ...IN_TIME, signal: ending.signal });
    const first = opened.pool.run('add', { a: 1, b: 0 }, { ...IN_TIME, signal: leaving.signal });
    const second = opened.pool.run('add', { a: 2, b: 0 }, IN_TIME);
    await expect(opened.pool.run('add', { a: 3, b: 0 }, IN_TIME)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Over 2 jobs wait for a worker thread; try again in a moment.',
    });
    leaving.abort(new Error('changed my mind'));
    await expect(first).rejects.toThrow('changed my mind');
    const fourth = opened.pool.run('add', { a: 4, b: 0 }, IN_TIME);
    ending.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await Promise.all([second, fourth])).toEqual([2, 4]);
  });
});

describe('a job is ended', () => {
  it.each(['spin', 'sleep'] as const)('when it takes too long (%s), and the next one runs', async (name) => {
    await using place = await openPlace();
    const time = createManualTime();
    await using opened = openPool({ maxThreads: 1, timer: time.timer });
    const job = opened.pool.run(name, { started: place.file('on') }, { timeoutMs: 1_000 });
    const next = opened.pool.run('add', { a: 1, b: 1 }, { timeoutMs: 2_000 });
    await appears(place.file('on'));
    time.advance(1_000);
    await expect(job).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: `The job "${name}" was ended after 1000 ms.`,
    });
    expect(await next).toBe(2);
    expect(time.pending()).toBe(0);
  });

  it('when its time is over before it has a thread', async () => {
    await using place = await openPlace();
    const time = createManualTime();
    await using opened = openPool({ maxThreads: 1, timer: time.timer });
    const ending = new AbortController();
    const running = opened.pool.run('spin', { started: place.file('on') }, { ...IN_TIME, signal: ending.signal });
    const late = opened.pool.run('add', { a: 1, b: 1 }, { timeoutMs: 500 });
    time.advance(500);
    await expect(late).rejects.toMatchObject({ code: 'limit_exceeded' });
    ending.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('by its signal, also by one that was aborted before', async () => {
    await using place = await openPlace();
    await using opened = openPool();
    const { signal } = new AbortController();
    const ending = new AbortController();
    const job = opened.pool.run('spin', { started: place.file('on') }, { ...IN_TIME, signal: ending.signal });
    await appears(place.file('on'));
    ending.abort(new Error('not wanted any more'));
    await expect(job).rejects.toThrow('not wanted any more');
    const tooLate = opened.pool.run('add', { a: 1, b: 1 }, { ...IN_TIME, signal: ending.signal });
    await expect(tooLate).rejects.toThrow('not wanted any more');
    expect(await opened.pool.run('add', { a: 1, b: 1 }, { ...IN_TIME, signal })).toBe(2);
  });
});

describe('a thread that dies', () => {
  it.each([
    ['by process.exit', 'exit', 'The job "exit" ended its worker thread: worker exited with code: 3'],
    ['of hunger for memory', 'eatMemory', 'The job "eatMemory" ended its worker thread: Worker terminated due to'],
  ] as const)('%s takes its own job along and no other', async (_, name, message) => {
    await using opened = openPool({ maxHeapMb: 64 });
    const { pool } = opened;
    const crashing =
      name === 'exit' ? pool.run('exit', { code: 3 }, IN_TIME) : pool.run('eatMemory', undefined, IN_TIME);
    const others = Array.from({ length: 8 }, (__, n) => pool.run('add', { a: n, b: 1 }, IN_TIME));
    await expect(crashing).rejects.toThrow(message);
    expect(await Promise.all(others)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('leaves no place taken: all of them can die, and jobs still run', async () => {
    await using opened = openPool({ maxThreads: 2 });
    const crashes = Array.from({ length: 6 }, (_, code) => opened.pool.run('exit', { code: code + 1 }, IN_TIME));
    for (const [index, { status }] of (await Promise.allSettled(crashes)).entries()) {
      expect(status, `job ${index}`).toBe('rejected');
    }
    expect(await opened.pool.run('add', { a: 1, b: 1 }, IN_TIME)).toBe(2);
  });

  it('of what a job has left behind is logged, and jobs still run', async () => {
    await using opened = openPool({ maxThreads: 1 });
    await opened.pool.run('failLater', undefined, IN_TIME);
    // The thread is about to die; a job that it takes along says so, and else the log. The next one has a new thread.
    const takenAlong: unknown[] = [];
    while (takenAlong.length === 0 && opened.errors.length === 0) {
      await opened.pool.run('add', { a: 1, b: 1 }, IN_TIME).catch((error: unknown) => {
        expect(String(error)).toContain('too late');
        takenAlong.push(error);
      });
    }
    expect(await opened.pool.run('add', { a: 2, b: 2 }, IN_TIME)).toBe(4);
  });

  it('before it can run anything fails the job at once', async () => {
    await using place = await openPlace();
    await using opened = openPool({ entry: place.file('missing.js') });
    await expect(opened.pool.run('add', { a: 1, b: 1 }, IN_TIME)).rejects.toThrow('missing.js');
    expect(opened.errors).toHaveLength(1);
  });
});

describe('threads', () => {
  it('are not there before the first job, and retire when there is nothing to do', async () => {
    await using opened = openPool({ idleTimeoutMs: 0 });
    expect(opened.pool.threads()).toBe(0);
    await opened.pool.run('add', { a: 1, b: 1 }, IN_TIME);
    await expect.poll(() => opened.pool.threads(), { timeout: 10_000 }).toBe(0);
    expect(await opened.pool.run('add', { a: 1, b: 2 }, IN_TIME)).toBe(3);
  });
});

describe('closing', () => {
  it('ends what runs and what waits, leaves no thread, and refuses what comes later', async () => {
    await using place = await openPlace();
    await using opened = openPool({ maxThreads: 1 });
    const running = opened.pool.run('spin', { started: place.file('on') }, IN_TIME);
    const waiting = opened.pool.run('add', { a: 1, b: 1 }, IN_TIME);
    const ends = Promise.allSettled([running, waiting]);
    await appears(place.file('on'));
    await Promise.all([opened.pool.close(), opened.pool.close()]);
    expect(opened.pool.threads()).toBe(0);
    const stopping = { code: 'unavailable', message: 'The server is stopping; no more jobs are run.' };
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: stopping });
    await expect(opened.pool.run('add', { a: 1, b: 1 }, IN_TIME)).rejects.toMatchObject(stopping);
  });

  it('finds no thread of a job that was called off: that has ended when the job is answered', async () => {
    await using place = await openPlace();
    await using opened = openPool();
    const ending = new AbortController();
    const job = opened.pool.run('spin', { started: place.file('on') }, { ...IN_TIME, signal: ending.signal });
    await appears(place.file('on'));
    ending.abort(new Error('enough'));
    await expect(job).rejects.toThrow('enough');
    expect(opened.pool.threads()).toBe(0);
  });

  it('of a pool that was never used does nothing', async () => {
    const { pool } = openPool();
    await pool.close();
    await expect(pool.run('add', { a: 1, b: 1 }, IN_TIME)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
