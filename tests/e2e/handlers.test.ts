import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RESULT_TEXT_LIMIT } from '../../src/application/ports/attempt-files.js';
import { homePaths } from '../../src/home/home-paths.js';
import { openHome } from '../support/cli.js';

const BYTES = 100_000_000;
/** Most that the server may grow by, in KiB: less than half of what is said. */
const MOST_GROWN_KB = 40_000;

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string } | null;
  readonly result: { readonly text: string; readonly bytes: number; readonly truncated: boolean } | null;
  readonly history: readonly { readonly outcome: string; readonly exitCode: number | null }[];
}

it('what fails, hangs or says 100 MB is bounded, classed, and shown', async ({ skip }) => {
  if (process.platform !== 'linux') skip('the size of the server is read from /proc');
  await using home = openHome();
  const { server } = (await home.json(['start'])) as { server: { pid: number } };
  const once = ['spawn', '--agent', 'shell', '--max-attempts', '1', '--wait'];
  const show = async (args: readonly string[], prompt: string, code: number): Promise<Shown> => {
    const ran = await home.run([...once, ...args, prompt, '--json']);
    expect(ran).toMatchObject({ code });
    const { id } = JSON.parse(ran.stdout) as { id: string };
    return (await home.json(['task', 'show', id])) as Shown;
  };

  expect(await show([], 'echo no; exit 3', 1)).toMatchObject({
    status: 'failed',
    error: { code: 'failed' },
    history: [{ outcome: 'failed', exitCode: 3 }],
  });
  expect(await show(['--timeout', '200ms'], 'sleep 600', 1)).toMatchObject({
    status: 'failed',
    error: { code: 'timeout' },
    history: [{ outcome: 'failed', error: { code: 'timeout' } }],
  });

  // The first one warms the server up: what grows then is its code and its buffers, and not what is said.
  const flooded = () => show([], `head -c ${String(BYTES)} /dev/zero | tr '\\0' x; printf end`, 0);
  await flooded();
  const before = sizeOf(server.pid);
  const flood = await flooded();
  expect(sizeOf(server.pid) - before).toBeLessThan(MOST_GROWN_KB);
  expect(flood).toMatchObject({ status: 'completed', result: { truncated: true, bytes: BYTES + 3 } });
  expect(flood.result?.text).toHaveLength(RESULT_TEXT_LIMIT);
  expect(flood.result?.text.endsWith('xxxend')).toBe(true);
  expect(statSync(join(homePaths(home.path).runs, `${flood.id}-1`, 'output.log')).size).toBe(BYTES + 3);
  expect((await home.run(['task', 'show', flood.id])).stdout).toMatch(/its end is kept as the result/);
});

/** What a process has in memory, in KiB. */
function sizeOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]);
}
