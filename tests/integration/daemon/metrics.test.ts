import { expect, test } from 'vitest';
import { homePaths } from '../../../src/home/home-paths.js';
import { openDaemonHome } from '../../support/daemon-home.js';
import { parsePrometheusText } from '../../support/prometheus-text.js';
import { sendForText } from '../../support/server-request.js';

test('the metrics of a real server agree with its status', async () => {
  await using daemon = await openDaemonHome();
  const { client, work } = daemon;
  const { socket } = homePaths(daemon.home);
  await daemon.hook('TeammateIdle', {});
  const { id } = await client.task.enqueue.mutate({ prompt: 'true', workspace: work, agent: 'shell' });
  await new Promise<void>((resolve, reject) => {
    client.task.onUpdate.subscribe({ taskId: id }, { onComplete: resolve, onError: reject });
  });
  await client.queue.pause.mutate();
  await client.task.enqueue.mutate({ prompt: 'true', workspace: work, agent: 'shell' });
  // The agent has told of its end by now, so nothing happens between the two that could tell them apart.
  await expect.poll(async () => (await client.system.status.query()).pool.busy).toBe(0);

  const { server, queue, pool, events } = await client.system.status.query();
  const samples = parsePrometheusText((await sendForText({ socketPath: socket, path: '/metrics' })).text);
  const tasks = (state: string) => samples.get(`codewalkers_tasks{state="${state}"}`);
  expect([tasks('completed'), tasks('pending')]).toEqual([queue.completed, queue.pending]);
  expect([queue.completed, queue.pending]).toEqual([1, 1]);
  expect(samples.get('codewalkers_queue_oldest_pending_seconds')).toBeGreaterThanOrEqual(
    (queue.oldestPendingMs ?? 0) / 1_000,
  );
  const { lastHour } = queue;
  expect([lastHour.completed, lastHour.failed, lastHour.failures]).toEqual([1, 0, {}]);
  expect(samples.get('codewalkers_queue_last_hour_tasks{outcome="completed"}')).toBe(1);
  for (const [name, durations] of [
    ['waiting', lastHour.waitingMs],
    ['running', lastHour.runningMs],
  ] as const) {
    expect(samples.get(`codewalkers_queue_${name}_seconds{quantile="0.99"}`)).toBe((durations?.p99 ?? -1) / 1_000);
  }
  expect(samples.get('codewalkers_agents{state="idle"}')).toBe(pool.idle);
  expect(samples.get('codewalkers_hooks_unknown_total{event="TeammateIdle"}')).toBe(1);
  expect(samples.get('codewalkers_events_total')).toBe(events.position);
  expect(samples.get(`codewalkers_build_info{version="${server.version}"}`)).toBe(1);
  expect(samples.get('codewalkers_start_time_seconds')).toBe(server.startedAt / 1_000);
  for (const { name, startMs, blockedMs } of server.services.filter(
    ({ name: each }) => each !== 'watchdog' && each !== 'hint',
  )) {
    expect(samples.get(`codewalkers_service_state{service="${name}",state="ready"}`)).toBe(1);
    expect(samples.get(`codewalkers_service_start_seconds{service="${name}"}`)).toBe((startMs ?? -1) / 1_000);
    expect(samples.get(`codewalkers_service_blocked_seconds{service="${name}"}`)).toBe((blockedMs ?? -1) / 1_000);
  }
  expect(samples.get('codewalkers_resident_memory_bytes')).toBeGreaterThan(20e6);
  expect(samples.get('codewalkers_cpu_seconds_total{mode="user"}')).toBeGreaterThan(0);
});
