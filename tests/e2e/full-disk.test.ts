import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClient, failureOf } from '../../src/interfaces/client/client.js';
import { type CliHome, openHome } from '../support/cli.js';

const SIZE = '32m';
const REFUSAL = /^Nothing was written: [^\n]*\.\n$/;
/** Characters of a prompt that needs many pages of the database, of which the last free ones may be there. */
const LONG = 200_000;

it('a full disk: writes are refused with a sentence, reads go on, no result is lost, and room is enough to go on', async ({
  skip,
}) => {
  await using home = openHome();
  await using disk = mountOn(home);
  if (disk.problem !== null) skip(`no small disk could be mounted: ${disk.problem}`);
  await home.run(['start']);
  const shell = ['spawn', '--agent', 'shell'];
  const go = join(home.workspace, 'go');
  const waits = `echo result; until [ -e ${go} ]; do sleep 0.05; done`;
  const running = (await home.json([...shell, waits])) as { id: `task_${string}` };
  const scheduled = (await home.json([...shell, '--delay', '1d', 'true'])) as { id: string };
  await using client = createClient({ home: home.path });
  const statusOf = async (taskId: `task_${string}`) => (await client.task.get.query({ taskId })).status;
  await expect.poll(async () => (await home.run(['task', 'logs', running.id])).stdout).toBe('result\n');

  const filling = fill(home.path);
  // The database has some room of its own left, which is used up first.
  const filler = { agent: 'shell', prompt: `: ${'x'.repeat(LONG)}`, workspace: home.workspace, delayMs: 86_400_000 };
  let taken = 0;
  for (let refused = 0; refused < 3; ) {
    const problem = await client.task.enqueue.mutate(filler).then(
      () => null,
      (error: unknown) => failureOf(error),
    );
    if (problem === null) taken += 1;
    else {
      expect(problem).toMatchObject({ reason: 'unavailable' });
      refused += 1;
    }
  }

  const ran = await home.run([...shell, '--delay', '1d', '-'], { stdin: filler.prompt });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(REFUSAL);
  const graph = { tasks: ['a', 'b', 'c'].map((name) => ({ ...filler, name })) };
  await expect(client.task.enqueueGraph.mutate(graph)).rejects.toThrow(/^Nothing was written: /);

  writeFileSync(go, '');
  const listed = (await home.json(['task', 'list', '--limit', '100'])) as { items: unknown[] };
  expect(listed.items).toHaveLength(taken + 2);
  expect(await home.json(['task', 'show', scheduled.id])).toMatchObject({ status: 'scheduled' });
  expect(await home.run(['status'])).toMatchObject({ code: 0, stderr: '' });

  rmSync(filling);
  await expect.poll(() => statusOf(running.id), { timeout: 20_000 }).toBe('completed');
  expect(await home.run(['task', 'result', running.id])).toMatchObject({ code: 0, stdout: 'result\n' });
  expect(await home.run([...shell, '--wait', 'echo again'])).toMatchObject({ code: 0, stdout: 'again\n' });
  expect((await client.task.enqueueGraph.mutate(graph)).tasks).toMatchObject({ a: { status: 'scheduled' } });
}, 120_000);

/** A disk of its own for the data directory, gone with its server. */
function mountOn(home: CliHome): AsyncDisposable & { readonly problem: string | null } {
  mkdirSync(home.path, { mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'codewalkers-test', home.path], {
      stdio: 'pipe',
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message.trim().replaceAll('\n', ' ') : String(error);
    return { problem, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  return {
    problem: null,
    async [Symbol.asyncDispose]() {
      await home.run(['stop', '--now']);
      execFileSync('umount', ['-l', home.path]);
    },
  };
}

/** Writes a file until not a byte fits any more, and names it. */
function fill(directory: string): string {
  const path = join(directory, 'filler');
  const file = openSync(path, 'w');
  for (const piece of [1_000_000, 4_096, 1].map((size) => Buffer.alloc(size, 1))) {
    try {
      for (;;) if (writeSync(file, piece) < piece.length) break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
  return path;
}
