import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, emptyHistogram, quantiles } from '../../../src/application/queue/duration-histogram.js';
import { createHourOfCounts, HOUR_MS } from '../../../src/application/queue/last-hour.js';
import { createQueueMeter } from '../../../src/application/queue/queue-meter.js';
import type { Fact } from '../../../src/domain/event/event.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { openMemoryStorage } from '../../../src/infrastructure/memory/memory-storage.js';
import { createManualTime } from '../../support/manual-time.js';
import { openScope } from '../../support/scope.js';

const MINUTE_MS = 60_000;
const task = (n: number) => encodeId('task', n);

describe('a histogram of durations', () => {
  it('gives any quantile of anything within a sixteenth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (times, share) => {
          const histogram = emptyHistogram();
          for (const ms of times) count(histogram, ms);
          const exact = times.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * times.length)) - 1] ?? 0;
          const [found = Number.NaN] = quantiles(histogram, [share]) ?? [];
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 16);
        },
      ),
    );
  });

  it('gives none of nothing, and takes what is out of its range for the nearest', () => {
    const histogram = emptyHistogram();
    expect(quantiles(histogram, [0.5])).toBeNull();
    count(histogram, -5);
    count(histogram, 1e15);
    expect(quantiles(histogram, [0.5])).toEqual([0]);
    expect(quantiles(histogram, [1])?.[0]).toBeGreaterThan(4e9);
  });
});

it('an hour of counts forgets minute by minute, and is not upset by a clock that jumps a day', () => {
  const hour = createHourOfCounts();
  const start = 1_700_000_000_000;
  for (let minute = 0; minute < 90; minute += 1) hour.completed(start + minute * MINUTE_MS);
  const now = start + 89 * MINUTE_MS;
  expect(hour.read(now, start).completed).toBe(60);
  expect(hour.read(now, start).perMinute.completed).toBe(1);
  expect(hour.read(now + HOUR_MS, start).completed).toBe(0);
  hour.completed(now + 24 * HOUR_MS);
  expect(hour.read(now, start).completed).toBe(59);
  expect(hour.read(now - 24 * HOUR_MS, start).completed).toBe(0);
});

describe('the queue meter', () => {
  /** A log and a meter on a clock that stands still unless it is moved. */
  function openMeter() {
    const storage = openMemoryStorage();
    const time = createManualTime();
    const open = () => createQueueMeter({ ...time, eventLog: storage.eventLog });
    const scope = openScope('the test', time);
    const tell = (type: Fact['type'], taskId: Fact['taskId'], data: Fact['data'] = {}) =>
      storage.transaction(({ events }) => events.append([{ type, at: time.clock(), taskId, data }]));
    const started = (n: number, waitedMs: number) => tell('task.started', task(n), { epoch: 1, attempt: 1, waitedMs });
    return { time, open, scope, tell, started };
  }

  async function anHour({ time, tell, started }: ReturnType<typeof openMeter>): Promise<void> {
    await started(1, 8);
    time.advance(500);
    await tell('task.completed', task(1), { epoch: 1, durationMs: 500 });
    await tell('task.unblocked', task(2), { by: 'dependencies' });
    time.advance(4);
    await started(2, 3_000);
    time.advance(100);
    await tell('task.retried', task(2), { code: 'timeout', by: 'backoff' });
    await started(2, 0);
    await tell('task.interrupted', task(2));
    time.advance(2);
    await started(2, 1_000);
    time.advance(100);
    await tell('task.failed', task(2), { code: 'failed' });
    await tell('task.retried', task(2), { code: 'failed', by: 'request' });
    await tell('task.failed', task(3), { code: 'dependency_failed' });
  }

  const EXPECTED = {
    completed: 1,
    failed: 2,
    // What an attempt waited counts from when it could run, and not from when its task was made.
    waitingMs: { p50: 2, p95: 8, p99: 8 },
    runningMs: { p50: 100, p95: 496, p99: 496 },
    failures: { timeout: 1, failed: 1, dependency_failed: 1 },
  };

  it('counts what is committed', async () => {
    const log = openMeter();
    await using scope = log.scope;
    const meter = log.open();
    meter.listen(scope);
    await anHour(log);
    expect(meter.read()).toMatchObject(EXPECTED);
  });

  it('counts what the log holds of the hour before it was there, once', async () => {
    const log = openMeter();
    await using scope = log.scope;
    await log.tell('task.completed', task(9), { epoch: 1, durationMs: 9 });
    log.time.advance(2 * HOUR_MS);
    await anHour(log);
    const meter = log.open();
    meter.listen(scope);
    await log.tell('task.completed', task(4), { epoch: 1, durationMs: 100 });
    const before = meter.read();
    expect(before).toMatchObject({ completed: 1, failed: 0, since: log.time.clock() });
    await meter.catchUp(scope.signal);
    expect(meter.read()).toMatchObject({ ...EXPECTED, completed: 2, since: log.time.clock() - HOUR_MS });
  });
});
