import { describe, expect, test } from 'vitest';
import { type Client, failureOf } from '../../../src/interfaces/client/client.js';
import { openTestServer, type TestServer } from '../../support/server.js';
import { openProxy } from '../../support/server-proxy.js';
import { openBareStream } from '../../support/server-stream.js';

const COMMAND = { prompt: 'Say hello.', workspace: '/work' };
const ABSENT = 'task_00000000000';

/** Commits events, of which there is nothing to know but their positions. */
async function commit({ app }: TestServer, events: number): Promise<void> {
  let { paused } = await app.queueStats();
  for (let made = 0; made < events; made += 1) {
    paused = !paused;
    await app.pauseQueue(paused);
  }
}

/** Follows all events from the first one on. */
function collect(client: Client) {
  const positions: number[] = [];
  const waiting = new Set<() => void>();
  let failed: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    failed = reject;
  });
  client.event.stream.subscribe(
    { after: 0 },
    {
      onData({ id }) {
        positions.push(Number(id));
        for (const look of waiting) look();
      },
      onError: failed,
    },
  );
  /** Resolves with all positions once there are so many. */
  const seen = (events: number) =>
    Promise.race([
      failure,
      new Promise<number[]>((resolve) => {
        const look = () => {
          if (positions.length < events) return;
          waiting.delete(look);
          resolve(positions);
        };
        waiting.add(look);
        look();
      }),
    ]);
  return { seen };
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('a subscriber', () => {
  test('that loses its connection 20 times in 2,000 events sees each once, in order', async () => {
    await using server = await openTestServer();
    await using proxy = await openProxy(server.socketPath);
    const { seen } = collect(server.connect({ socketPath: proxy.socketPath }));
    for (let cuts = 0; cuts < 20; cuts += 1) {
      const committed = commit(server, 100);
      // Somewhere in the middle, wherever the connection has got to.
      await seen(cuts * 100 + 1 + cuts * 5);
      proxy.cut();
      await committed;
    }
    expect(await seen(2_000)).toEqual(upTo(2_000));
    expect(proxy.connections()).toBeGreaterThanOrEqual(20);
  });

  test('goes on at the next server on the same socket', async () => {
    await using server = await openTestServer();
    const { seen } = collect(server.client);
    await commit(server, 3);
    await seen(3);
    await server.restart();
    await commit(server, 3);
    expect(await seen(6)).toEqual(upTo(6));
  });

  test('is one of a hundred that all see everything', async () => {
    await using server = await openTestServer();
    const all = Array.from({ length: 100 }, () => collect(server.connect({ socketPath: server.socketPath })));
    await commit(server, 50);
    for (const { seen } of all) expect(await seen(50)).toEqual(upTo(50));
  });

  test('that is told nothing goes on after the last that it saw', async () => {
    await using server = await openTestServer();
    await commit(server, 5);
    const stream = openBareStream(server.socketPath, 'event.stream?input={"after":0,"lastEventId":"3"}');
    expect((await stream.until(/id: 5\n/)).match(/id: \d+/g)).toEqual(['id: 4', 'id: 5']);
    stream.socket.destroy();
  });

  test('of a task gets its state, then each change, and an end when it has finished', async () => {
    await using server = await openTestServer();
    const { client } = server;
    const { id } = await client.task.enqueue.mutate(COMMAND);
    const seen: string[] = [];
    for await (const update of client.task.onUpdate.subscribe({ taskId: id })) {
      seen.push(update.data.task.status);
      if (seen.length === 1) await client.task.cancel.mutate({ taskId: id });
    }
    expect(seen).toEqual(['pending', 'cancelled']);
  });

  test('of the output of a task that has none comes to its end', async () => {
    await using server = await openTestServer();
    const { client } = server;
    const { id } = await client.task.enqueue.mutate(COMMAND);
    await client.task.cancel.mutate({ taskId: id });
    const pieces = [];
    for await (const piece of client.task.output.subscribe({ taskId: id })) pieces.push(piece);
    expect(pieces).toEqual([]);
  });
});

describe('a subscription that cannot be', () => {
  test.each([
    [
      'of a task that there is not',
      'not_found',
      (client: Client) => client.task.onUpdate.subscribe({ taskId: ABSENT }),
    ],
    ['of its output', 'not_found', (client: Client) => client.task.output.subscribe({ taskId: ABSENT })],
    ['after nonsense', 'invalid_input', (client: Client) => client.event.stream.subscribe({ lastEventId: 'x' })],
    [
      'after too much',
      'invalid_input',
      (client: Client) => client.event.stream.subscribe({ lastEventId: '9'.repeat(16) }),
    ],
    [
      'of output after nonsense',
      'invalid_input',
      (client: Client) => client.task.output.subscribe({ taskId: ABSENT, lastEventId: '0:0' }),
    ],
  ])('%s ends with one error, and does not come back', async (_what, reason, subscribe) => {
    await using server = await openTestServer();
    await using proxy = await openProxy(server.socketPath);
    const client = server.connect({ socketPath: proxy.socketPath });
    const failed = (async () => {
      for await (const item of subscribe(client)) expect.fail(`There came ${JSON.stringify(item)}.`);
    })();
    expect(failureOf(await failed.catch((error: unknown) => error))).toMatchObject({ kind: 'refused', reason });
    // The next call comes after any connection that the stream would have opened again.
    await client.system.health.query();
    expect(proxy.connections()).toBe(2);
  });

  test('because of a bug ends with one error that says nothing of it, and is logged once', async () => {
    await using server = await openTestServer();
    const bug = new Error('the secret path /home/me');
    await using broken = await openTestServer({
      app: {
        ...server.app,
        async *watchEvents() {
          yield* await Promise.reject<never[]>(bug);
          throw bug;
        },
      },
    });
    const failed = (async () => {
      for await (const item of broken.client.event.stream.subscribe({})) expect.fail(JSON.stringify(item));
    })();
    const failure = failureOf(await failed.catch((error: unknown) => error));
    expect(failure).toMatchObject({ kind: 'broken', message: expect.not.stringContaining('secret') as string });
    expect(broken.errors).toEqual([{ procedure: 'event.stream', error: bug }]);
  });
});

describe('the server', () => {
  test('asks for no more events than a slow reader takes', async () => {
    await using server = await openTestServer();
    let given = 0;
    const data = { text: 'x'.repeat(4_096) };
    await using endless = await openTestServer({
      app: {
        ...server.app,
        async *watchEvents() {
          for (;;) yield { position: (given += 1), type: 'task.progressed', at: 0, data } as const;
        },
      },
    });
    const stream = openBareStream(endless.socketPath, 'event.stream');
    await stream.until(/id: 1\n/);
    stream.socket.pause();
    // 1,000 turns of the event loop in a row in which nothing was asked for.
    for (let quiet = 0, before = 0; quiet < 1_000; quiet += 1, before = given) {
      await new Promise(setImmediate);
      if (given !== before) quiet = 0;
      expect(given * 4_096).toBeLessThan(16 * 1_048_576);
    }
    stream.socket.destroy();
  });

  test('follows nothing for 200 subscribers that came and went', async () => {
    await using server = await openTestServer();
    const signals: AbortSignal[] = [];
    await using counting = await openTestServer({
      app: {
        ...server.app,
        watchEvents: (input, signal) => {
          signals.push(signal);
          return server.app.watchEvents(input, signal);
        },
      },
    });
    await commit(server, 1);
    for (let round = 0; round < 20; round += 1) {
      const streams = Array.from({ length: 10 }, () =>
        openBareStream(counting.socketPath, 'event.stream?input={"after":0}'),
      );
      await Promise.all(streams.map((stream) => stream.until(/id: 1\n/)));
      for (const { socket } of streams) socket.destroy();
    }
    expect(signals).toHaveLength(200);
    await expect.poll(() => signals.filter(({ aborted }) => !aborted).length).toBe(0);
  });

  test('breaks streams off when it closes, without a last word', async () => {
    await using server = await openTestServer();
    const stream = openBareStream(server.socketPath, 'event.stream');
    const received = stream.until(/event: return|serialized-error/).catch((error: unknown) => String(error));
    await stream.until(/event: connected/);
    await server.stopServing();
    expect(await received).toContain('The stream ended with');
  });
});
