import { join } from 'node:path';
import { expect, it } from 'vitest';
import { homePaths } from '../../src/home/home-paths.js';
import { type CliHome, openHome } from '../support/cli.js';
import { type RecordedHook, recordedHooks, shuffled } from '../support/hooks/hook-fixtures.js';
import { dumpMemory, type MemoryDump } from '../support/hooks/memory-dump.js';
import { needsKit } from '../support/kit.js';
import { send } from '../support/server-request.js';

/** Hooks that are under way at once. */
const AT_ONCE = 8;

async function serve(home: CliHome) {
  const server = home.start(['serve']);
  await server.sees(/./);
  return server;
}

/** Posts them all, some at once, and says which were acknowledged: all but those that the server was killed under. */
async function post(home: CliHome, hooks: readonly RecordedHook[], before?: (n: number) => void): Promise<boolean[]> {
  const { socket: socketPath } = homePaths(home.path);
  const acknowledged = hooks.map(() => false);
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < hooks.length) {
        const n = next;
        next += 1;
        before?.(n);
        const hook = hooks[n];
        if (hook === undefined) continue;
        const headers = { 'content-type': 'application/json' };
        const request = {
          socketPath,
          method: 'POST',
          path: `/hooks/${hook.name}`,
          headers,
          body: JSON.stringify(hook.body),
        };
        const status = await send(request).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status !== 0) expect([status, hook.file]).toEqual([200, hook.file]);
        acknowledged[n] = status === 200;
      }
    }),
  );
  return acknowledged;
}

/** What a server remembers of these hooks once it has ended in order. */
async function remembered(hooks: readonly RecordedHook[], home: CliHome): Promise<MemoryDump> {
  const server = await serve(home);
  expect((await post(home, hooks)).every(Boolean)).toBe(true);
  server.process.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
  return dumpMemory(join(home.path, 'cw.db'));
}

it('remembers the same of the same hooks, once: sent twice, in another order, and with the server killed', async ({
  skip,
}) => {
  needsKit(skip);
  const hooks = recordedHooks('/work/of/$WORK', '/home/of/$HOME');
  expect(hooks.length).toBeGreaterThan(160);
  await using inOrder = openHome();
  const expected = await remembered(hooks, inOrder);
  expect(expected.sessions).toHaveLength(new Set(hooks.map(({ body }) => body['session_id'])).size);
  const toolUses = hooks.filter(({ name }) => ['post-tool-use', 'post-tool-use-failure', 'after-tool'].includes(name));
  const distinct = new Set(
    toolUses.map(({ body }) => `${String(body['session_id'])} ${String(body['tool_use_id'] ?? body['timestamp'])}`),
  );
  expect(expected.toolUses).toHaveLength(distinct.size);
  expect(expected.captured).toHaveLength(distinct.size);
  expect(await remembered(hooks, inOrder)).toEqual(expected);

  await using other = openHome();
  const doubled = shuffled([...hooks, ...hooks], 7);
  let server = await serve(other);
  const kill = (n: number) => n === Math.floor(doubled.length / 3) && server.process.kill('SIGKILL');
  const acknowledged = await post(other, doubled, kill);
  expect(await server.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(acknowledged).toContain(false);
  expect(acknowledged).toContain(true);
  server = await serve(other);
  const lost = doubled.filter((_, n) => acknowledged[n] === false);
  expect((await post(other, lost)).every(Boolean)).toBe(true);
  server.process.kill('SIGTERM');
  await server.ended;
  expect(dumpMemory(join(other.path, 'cw.db'))).toEqual(expected);
}, 60_000);
