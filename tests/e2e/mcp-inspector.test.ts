import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type CliHome, commandIn, openHome } from '../support/cli.js';

/**
 * The official inspector's `mcp-inspector` program, from an installation of its own: 147 MB of packages that nothing else
 * needs, the latest of which want Node 22. `npm install @modelcontextprotocol/inspector@0.15` somewhere gives one that
 * runs on Node 20.
 */
const INSPECTOR = process.env['CW_TEST_INSPECTOR'] ?? '';

const run = promisify(execFile);

async function inspect(home: CliHome, args: readonly string[]): Promise<Record<string, unknown>> {
  const { command, args: server, cwd, env } = commandIn(home, ['mcp']);
  const { stdout } = await run(INSPECTOR, ['--cli', command, ...server, ...args], { cwd, env });
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('the official inspector lists and calls every tool', { timeout: 180_000 }, async ({ skip }) => {
  if (INSPECTOR === '') skip('needs CW_TEST_INSPECTOR, the path of an mcp-inspector');
  await using home = openHome();
  const { tools } = (await inspect(home, ['--method', 'tools/list'])) as { tools: { name: string }[] };
  const call = async (name: string, ...given: string[]) => {
    const args = given.flatMap((arg) => ['--tool-arg', arg]);
    const answer = await inspect(home, ['--method', 'tools/call', '--tool-name', name, ...args]);
    expect([name, answer['isError'] ?? false]).toEqual([name, false]);
    called.push(name);
    return answer['structuredContent'] as Record<string, string>;
  };
  const called: string[] = [];
  const { id } = await call('task_spawn', 'prompt=sleep 600', 'agent=shell');
  await call('task_status', `taskId=${id ?? ''}`);
  await call('task_result', `taskId=${id ?? ''}`);
  await call('task_cancel', `taskId=${id ?? ''}`);
  await call('session_list');
  await call('memory_search', 'query=sleep');
  await call('memory_timeline', 'query=sleep');
  await call('memory_get', 'observationIds=["obs_00000000001"]');
  if (tools.some(({ name }) => name === 'memory_save')) await call('memory_save', 'text=The inspector was here.');
  await call('permission_list');
  // It needs an agent that asks: tests/unit/application/permissions.test.ts.
  const rest = tools.map(({ name }) => name).filter((name) => name !== 'permission_answer');
  expect(called.sort()).toEqual(rest.sort());
});
