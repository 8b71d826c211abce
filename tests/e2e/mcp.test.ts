import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { REPEATABLE_TOOLS } from '../../src/interfaces/cli/mcp/server-link.js';
import { type CliHome, commandIn, openHome } from '../support/cli.js';
import { KIT_FIXTURES, needsKit } from '../support/kit.js';
import { connectMcp } from '../support/mcp.js';

/** Runs until the file `gate` is there. */
const GATED = 'until [ -e gate ]; do sleep 0.02; done; echo through';
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

const connect = (home: CliHome) => connectMcp(new StdioClientTransport(commandIn(home, ['mcp'])));

/** What is left of the tools that may be called again when one is not there yet. */
const isListed = (names: readonly string[]) => (name: string) => names.includes(name);

/** Sends lines to `cw mcp` and closes its stdin; every line that it prints must be a message. */
async function answersTo(home: CliHome, lines: readonly string[]) {
  const ran = await home.run(['mcp'], { stdin: `${lines.join('\n')}\n` });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return answersIn(ran.stdout);
}

const itemsIn = ({ items }: Record<string, unknown>) => items as { id: string }[];

/** What was printed, which is nothing but messages. */
function answersIn(stdout: string) {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { jsonrpc: string; id?: unknown; result?: unknown; error?: { code: number } });
}

describe('cw mcp', () => {
  test('starts a server, offers the tools, and works in the directory that it was started in', async () => {
    await using home = openHome();
    await using mcp = await connect(home);
    const { tools } = await mcp.client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['task_spawn', 'task_status', 'task_result', 'task_cancel']));
    const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint === true).map(({ name }) => name);
    expect(new Set([...readOnly, 'task_spawn'])).toEqual(new Set([...REPEATABLE_TOOLS].filter(isListed(names))));

    const task = await mcp.call('task_spawn', { prompt: 'pwd', agent: 'shell' });
    expect(await mcp.call('task_result', { taskId: task['id'], waitMs: 30_000 })).toMatchObject({
      status: 'completed',
      result: { text: `${home.workspace}\n` },
    });
  });

  test('finds what was done before, in the workspace that it was started in, and what was around it', async () => {
    await using home = openHome();
    const elsewhere = mkdtempSync(join(home.workspace, '..', 'elsewhere-'));
    await home.run(['spawn', '--agent', 'shell', '--wait', 'echo marmalade here']);
    await home.run(['spawn', '--agent', 'shell', '--wait', 'echo marmalade there'], { cwd: elsewhere });
    await using mcp = await connect(home);
    // From here on the client checks what comes back against what was promised.
    await mcp.client.listTools();
    const [items, all] = [
      itemsIn(await mcp.call('memory_search', { query: 'marmalade' })),
      itemsIn(await mcp.call('memory_search', { query: 'marmalade', everywhere: true })),
    ];
    expect(items.length).toBeGreaterThan(0);
    expect(JSON.stringify(items)).not.toContain('there');
    expect(JSON.stringify(all)).toContain('there');
    const [{ id } = { id: '' }] = items;
    const timeline = await mcp.call('memory_timeline', { id });
    expect(timeline).toMatchObject({ anchor: id });
    expect(itemsIn(timeline).map((item) => item.id)).toContain(id);
    expect(await mcp.refused('memory_timeline', { id, at: 1 })).toContain('Give one of');
  });

  test('goes on at the next server when its own is restarted, also in the middle of a wait', async () => {
    await using home = openHome();
    await using mcp = await connect(home);
    const { id } = await mcp.call('task_spawn', { prompt: GATED, agent: 'shell' });
    const told: Progress[] = [];
    const waiting = mcp.client.callTool({ name: 'task_result', arguments: { taskId: id, waitMs: 45_000 } }, undefined, {
      onprogress: (progress) => void told.push(progress),
    });
    await expect.poll(() => told.length, { timeout: 20_000 }).toBeGreaterThan(0);
    await home.json(['restart']);
    expect(await mcp.call('task_status', { taskId: id })).toMatchObject({ id });
    writeFileSync(join(home.workspace, 'gate'), '');
    expect(await waiting).toMatchObject({
      structuredContent: { status: 'completed', result: { text: 'through\n' } },
    });
    const tasks = (await home.json(['task', 'list'])) as { items?: unknown[] } | unknown[];
    expect(Array.isArray(tasks) ? tasks : tasks.items).toHaveLength(1);
  });

  test('outlives a server that is killed, and starts another', async () => {
    await using home = openHome();
    await using mcp = await connect(home);
    const { server } = (await home.json(['status'])) as { server: { pid: number } };
    process.kill(server.pid, 'SIGKILL');
    await expect(mcp.call('session_list')).resolves.toMatchObject({ items: [] });
  });

  test('answers what is no message with errors, and goes on', async () => {
    await using home = openHome();
    const answers = await answersTo(home, [
      JSON.stringify(INITIALIZE),
      'x'.repeat(64 * 1_048_576),
      '{"jsonrpc":"2.0","id":1,',
      '{"jsonrpc":"1.0","id":1,"method":"ping"}',
      '{"jsonrpc":"2.0","id":{},"method":"ping"}',
      '[]',
      '',
      '{"jsonrpc":"2.0","id":2,"method":"no/such"}',
      '{"jsonrpc":"2.0","id":"three","method":"ping"}',
    ]);
    expect(answers.filter(({ id }) => id === null).map(({ error }) => error?.code)).toEqual([
      -32_600, -32_700, -32_600, -32_600, -32_600,
    ]);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    expect(byId.get(0)).toMatchObject({ result: { serverInfo: { name: 'codewalkers' } } });
    expect(byId.get(2)).toMatchObject({ error: { code: -32_601 } });
    expect(byId.get('three')).toEqual({ jsonrpc: '2.0', id: 'three', result: {} });
  });

  test('says what to do where no server may be started', async () => {
    await using home = openHome();
    const ran = await home.run(['mcp'], { stdin: `${JSON.stringify(INITIALIZE)}\n`, env: { CW_NO_AUTOSTART: '1' } });
    const { id, error } = JSON.parse(ran.stdout) as { id: number; error: { message: string } };
    expect([id, error.message]).toEqual([0, expect.stringContaining('cw start')]);
  });

  test("of an agent that the server runs reaches what is the agent's, for as long as it runs", async () => {
    await using home = openHome();
    const other = (await home.json(['spawn', '--agent', 'shell', '--delay', '1h', 'echo secret'])) as { id: string };
    const calls = [
      INITIALIZE,
      { method: 'tools/call', params: { name: 'task_spawn', arguments: { prompt: 'true', agent: 'shell' } } },
      { method: 'tools/call', params: { name: 'task_status', arguments: { taskId: other.id } } },
    ].map((message, id) => JSON.stringify({ jsonrpc: '2.0', id, ...message }));
    writeFileSync(join(home.workspace, 'calls'), `${calls.join('\n')}\n`);
    const { command, args } = commandIn(home, ['mcp']);
    const inside = `stat -c %a "$CW_TOKEN_FILE" >&2; cp "$CW_TOKEN_FILE" kept; "${command}" ${args.join(' ')} < calls`;
    const ran = await home.run(['spawn', '--agent', 'shell', '--wait', inside]);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/^600\n/);
    // In whichever order they were answered: both were asked at once.
    const answers = answersIn(ran.stdout.slice('600\n'.length));
    const [started, refused] = [1, 2].map((id) => answers.find((answer) => answer.id === id));
    expect(started).toMatchObject({ result: { structuredContent: { prompt: 'true', workspace: home.workspace } } });
    expect(JSON.stringify(refused)).toContain(`${other.id} is not a task of this agent's.`);

    chmodSync(join(home.workspace, 'kept'), 0o600);
    const late = await home.run(['mcp'], {
      stdin: `${JSON.stringify(INITIALIZE)}\n`,
      env: { CW_TOKEN_FILE: join(home.workspace, 'kept') },
    });
    expect(answersIn(late.stdout)).toMatchObject([{ id: 0, error: {} }]);
    const gone = await home.run(['mcp'], { env: { CW_TOKEN_FILE: join(home.workspace, 'gone') } });
    expect(gone).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('CW_TOKEN_FILE') as string });
  });

  test('answers every request that real agents send, once', async ({ skip }) => {
    needsKit(skip);
    const recordings = readdirSync(KIT_FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('mcp-stdio.wire.jsonl'),
    );
    await using home = openHome();
    for (const recording of recordings) {
      const sent = readFileSync(join(KIT_FIXTURES, recording), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { dir: string; msg: { id?: unknown; method?: string } })
        .filter(({ dir }) => dir === 'in')
        .map(({ msg }) => msg);
      const answers = await answersTo(
        home,
        sent.map((message) => JSON.stringify(message)),
      );
      const asked = sent.filter(({ id, method }) => id !== undefined && method !== undefined).map(({ id }) => id);
      const cancelled = JSON.stringify(sent).includes('notifications/cancelled');
      const answered = answers.map(({ id }) => id);
      // All lines come at once here, so a call may be cancelled before it is answered.
      expect(new Set(answered).size, recording).toBe(answered.length);
      expect(asked, recording).toEqual(expect.arrayContaining(answered));
      expect(answered.length, recording).toBeGreaterThanOrEqual(asked.length - (cancelled ? 1 : 0));
    }
  });
});
