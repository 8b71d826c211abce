import { describe, expect, test } from 'vitest';
import { parsePrometheusText } from '../../support/prometheus-text.js';
import { openTestServer, type TestServer, TOKEN } from '../../support/server.js';
import { send, sendForText } from '../../support/server-request.js';

const PATH = '/metrics';
const BEARER = { authorization: `Bearer ${TOKEN}` };

async function scrape({ socketPath }: TestServer): Promise<Map<string, number>> {
  const { status, text } = await sendForText({ socketPath, path: PATH });
  expect(status).toBe(200);
  return parsePrometheusText(text);
}

describe('/metrics', () => {
  test('is text for Prometheus, on the socket, and with the token on TCP', async () => {
    await using server = await openTestServer();
    for (const request of [{ socketPath: server.socketPath }, { port: server.port, headers: BEARER }]) {
      const { status, headers, text } = await sendForText({ ...request, path: PATH });
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(parsePrometheusText(text).get('codewalkers_ready')).toBe(1);
    }
  });

  test('is for nobody without the token, from another page, or with another method', async () => {
    await using server = await openTestServer();
    const { port, socketPath } = server;
    expect((await send({ port, path: PATH })).status).toBe(401);
    expect((await send({ port, path: PATH, headers: { ...BEARER, origin: 'https://evil.example' } })).status).toBe(403);
    for (const target of [{ port }, { socketPath }]) {
      const { status, headers } = await send({ ...target, method: 'POST', path: PATH, headers: BEARER });
      expect([status, headers['allow']]).toEqual([405, 'GET']);
    }
  });

  test('says of queue, pool, sessions, events and loop what the status says', async () => {
    await using server = await openTestServer();
    for (const prompt of ['one', 'two', 'three']) await server.backend.enqueue(prompt);
    await server.client.queue.pause.mutate();
    const status = await server.client.system.status.query();
    const samples = await scrape(server);
    expect(samples.get('codewalkers_tasks{state="pending"}')).toBe(3);
    for (const state of [
      'blocked',
      'scheduled',
      'pending',
      'processing',
      'completed',
      'failed',
      'cancelled',
    ] as const) {
      expect(samples.get(`codewalkers_tasks{state="${state}"}`)).toBe(status.queue[state]);
    }
    for (const state of ['starting', 'idle', 'busy', 'stopping'] as const) {
      expect(samples.get(`codewalkers_agents{state="${state}"}`)).toBe(status.pool[state]);
    }
    expect(samples.get('codewalkers_queue_paused')).toBe(1);
    expect(samples.get('codewalkers_agents_max')).toBe(status.pool.max);
    expect(samples.get('codewalkers_sessions{state="active"}')).toBe(status.sessions.active);
    expect(samples.get('codewalkers_observations')).toBe(status.memory.observations);
    expect(samples.get('codewalkers_events_total')).toBe(status.events.position);
    expect(samples.get('codewalkers_event_loop_delay_seconds{quantile="0.99"}')).toBe(0.012);
    expect(samples.get('codewalkers_event_loop_blocks_total')).toBe(1);
    expect(samples.get('codewalkers_service_start_seconds{service="storage"}')).toBe(0.001);
    expect(samples.has('codewalkers_service_warm_up_seconds{service="storage"}')).toBe(false);
  });

  test('is read anew each time, also when many ask at once', async () => {
    await using server = await openTestServer();
    expect((await scrape(server)).get('codewalkers_tasks{state="pending"}')).toBe(0);
    await server.backend.enqueue('one');
    server.setState('draining');
    for (const samples of await Promise.all(Array.from({ length: 8 }, () => scrape(server)))) {
      expect(samples.get('codewalkers_tasks{state="pending"}')).toBe(1);
      expect(samples.get('codewalkers_ready')).toBe(0);
    }
    expect((await scrape(server)).get('codewalkers_tasks{state="pending"}')).toBe(1);
  });

  test('counts requests, connections and streams of each listener', async () => {
    await using server = await openTestServer();
    const before = await scrape(server);
    const client = server.connect({ url: server.url, token: TOKEN });
    await new Promise<void>((resolve, reject) => {
      client.event.stream.subscribe({}, { onStarted: () => resolve(), onError: reject });
    });
    const after = await scrape(server);
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('codewalkers_http_streams{listener="tcp"}')).toBe(1);
    expect(grown('codewalkers_http_connections{listener="tcp"}')).toBeGreaterThanOrEqual(1);
    expect(grown('codewalkers_http_requests_total{listener="tcp"}')).toBeGreaterThanOrEqual(1);
    expect(grown('codewalkers_http_requests_total{listener="socket"}')).toBe(1);
    expect(grown('codewalkers_http_streams{listener="socket"}')).toBe(0);
  });
});
