import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { countRows, faultsOf, fillExpired } from '../../support/retention.js';
import { storageOptions, temporaryDirectory } from '../../support/storage.js';

const PRUNER = [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../support/retention-pruner.ts', import.meta.url)),
];
const LEFT = { event: 10, agent: 10, task: 10, task_prompt: 10, task_request: 10, attempt: 10, tool_use_text: 10 };

/** Runs a pruner and kills it after so many transactions; gives how many there were. */
async function prune(directory: string, killAfter = Number.POSITIVE_INFINITY): Promise<number> {
  const child = spawn(process.execPath, [...PRUNER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let steps = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'step') steps += 1;
    if (steps >= killAfter) child.kill('SIGKILL');
  }
  return steps;
}

it('a pruning that is killed, again and again, leaves nothing half, and the next one goes on', async () => {
  await using directory = await temporaryDirectory();
  const { file } = storageOptions(directory.path);
  await (await openSqliteStorage(storageOptions(directory.path))).close();
  fillExpired(file, { events: 20_000, tasks: 4_000, toolUses: 4_000 });
  const before = countRows(file);

  // Within the events, which take 80 transactions, and then twice within the tasks.
  let last = before;
  for (const killAfter of [5, 90, 8]) {
    await prune(directory.path, killAfter);
    expect(faultsOf(file)).toEqual([]);
    const now = countRows(file);
    expect(Object.values(now).reduce((a, b) => a + b)).toBeLessThan(Object.values(last).reduce((a, b) => a + b));
    // A task has all that is theirs or is gone.
    expect([now['task_prompt'], now['task_request'], now['attempt']]).toEqual([now['task'], now['task'], now['task']]);
    last = now;
  }
  expect(last).not.toMatchObject(LEFT);

  await prune(directory.path);
  expect(faultsOf(file)).toEqual([]);
  expect(countRows(file)).toEqual({ ...before, ...LEFT });
});
