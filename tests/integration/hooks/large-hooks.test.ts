import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createReadLargeHook } from '../../../src/composition/large-hooks.js';
import type { WorkerJobs } from '../../../src/composition/worker-jobs.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { createWorkerPool } from '../../../src/infrastructure/workers/worker-pool.js';
import { LARGE_HOOK_BYTES } from '../../../src/interfaces/hooks/large-hook.js';
import { openTestServer, type TestServer } from '../../support/server.js';
import { send } from '../../support/server-request.js';

const EXCLUDED = ['**/.env*', 'tool:secret_*'];
const COMMON = { session_id: 'abc', cwd: '/work', prompt_id: 'p1' };
const SECRET = `ghp_${'a1B2c3D4e5'.repeat(4)}`.slice(0, 40);
/** What is longest of a hook that is taken, in bytes. */
const MAX_HOOK_BYTES = 16 * 1_048_576;
/** Longest that the event loop may be blocked, in milliseconds. */
const MAX_BLOCK_MS = 50;

/** A server that reads large hooks in threads, and says which it read there. */
async function opened(isReal = true) {
  const workers = createWorkerPool<WorkerJobs>({
    entry: fileURLToPath(new URL('../../../dist/worker.js', import.meta.url)),
    timer,
    logger: console,
  });
  const inThreads: string[] = [];
  const read = createReadLargeHook(() => workers, EXCLUDED);
  const server = await openTestServer(
    isReal
      ? {
          readLargeHook: (hook) => {
            inThreads.push(hook.name);
            return read(hook);
          },
        }
      : {},
  );
  return {
    server,
    inThreads,
    post: (name: string, body: Buffer | string) =>
      send({
        socketPath: server.socketPath,
        method: 'POST',
        path: `/hooks/${name}`,
        headers: { 'content-type': 'application/json' },
        body,
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await workers.close();
    },
  };
}

async function kept({ backend }: TestServer) {
  return backend.read(async (stores) => {
    const [session] = await stores.sessions.list({ limit: 1 });
    if (session === undefined) return { toolUses: [], prompts: [] };
    const prompts = await stores.prompts.list({ sessionId: session.id, limit: 100 });
    return { toolUses: await stores.toolUses.waiting(session.id, 100), prompts };
  });
}

const LONG = `head ${SECRET} ${'ä line of output\n'.repeat(40_000)} <private>hidden</private> tail ${SECRET}`;
const tool = (id: string, more: object) =>
  JSON.stringify({ ...COMMON, tool_name: 'Write', tool_use_id: id, tool_response: 'ok', ...more });
const HOOKS: readonly (readonly [string, string])[] = [
  ['user-prompt-submit', JSON.stringify({ ...COMMON, prompt: LONG })],
  ['post-tool-use', tool('long-input', { tool_input: { file_path: '/work/a.ts', content: LONG } })],
  ['post-tool-use', tool('long-result', { tool_input: { file_path: '/work/b.ts' }, tool_response: LONG })],
  ['post-tool-use', tool('excluded', { tool_input: { file_path: '/work/.env', content: LONG } })],
  ['post-tool-use', tool('secret', { tool_name: 'secret_store', tool_input: { content: LONG } })],
  ['post-tool-use-failure', tool('failed', { tool_input: {}, error: LONG })],
  ['stop', JSON.stringify({ ...COMMON, last_assistant_message: LONG })],
];

describe('large hooks', () => {
  test('leave the same as if they had been read on the main thread', async () => {
    await using inThreads = await opened();
    await using here = await opened(false);
    for (const [name, body] of HOOKS) {
      expect(body.length).toBeGreaterThan(LARGE_HOOK_BYTES);
      for (const it of [inThreads, here]) expect((await it.post(name, body)).status).toBe(200);
    }
    expect(inThreads.inThreads).toEqual(HOOKS.map(([name]) => name));
    const left = await kept(inThreads.server);
    expect(left).toEqual(await kept(here.server));
    expect(left.toolUses.map(({ toolUseId }) => toolUseId)).toEqual(['long-input', 'long-result', 'failed']);
    expect(left.prompts).toHaveLength(2);
    expect(JSON.stringify(left)).not.toMatch(new RegExp(`${SECRET}|hidden`));
    for (const use of left.toolUses) expect(use.inputOmitted + use.resultOmitted).toBeGreaterThan(600_000);
  });

  test('that cannot be read are refused in one sentence, as small ones are', async () => {
    await using it = await opened();
    const half = `{"session_id": "${'x'.repeat(2 * LARGE_HOOK_BYTES)}`;
    const wrong = JSON.stringify({ ...COMMON, cwd: 7, prompt: LONG });
    for (const body of [half, wrong]) {
      const { status, body: answer } = await it.post('user-prompt-submit', body);
      expect([status, answer.error.reason]).toEqual([400, 'invalid_input']);
      expect(answer.error.message).toMatch(/^This hook cannot be read: [^\n]*\.$/);
    }
    expect((await it.post('nobody-knows', JSON.stringify({ prompt: LONG }))).status).toBe(200);
  });

  test('of 16 MiB do not block the event loop', async () => {
    await using it = await opened();
    const frame = tool('', { tool_input: {}, tool_response: '' }).length;
    const bodies = Array.from({ length: 4 }, (_, n) =>
      Buffer.from(
        tool(`big-${String(n)}`, { tool_input: {}, tool_response: 'x'.repeat(MAX_HOOK_BYTES - frame - 100) }),
      ),
    );
    const blocked: number[] = [];
    // What else the machine does may hold this process up in one round, and not in all.
    for (let round = 0; round < 6 && Math.min(Infinity, ...blocked) > MAX_BLOCK_MS; round += 1) {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const answers = await Promise.all(bodies.map((body) => it.post('post-tool-use', body)));
      delay.disable();
      blocked.push(delay.max / 1e6);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    }
    expect(Math.min(...blocked)).toBeLessThanOrEqual(MAX_BLOCK_MS);
    expect((await kept(it.server)).toolUses).toHaveLength(bodies.length);
  });
});
