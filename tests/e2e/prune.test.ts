import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { homePaths } from '../../src/home/home-paths.js';
import { openSqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { openHome } from '../support/cli.js';
import { countRows, fillExpired, makeRun } from '../support/retention.js';
import { storageOptions } from '../support/storage.js';

it('cw prune says what would go, removes it, and leaves what is remembered', async () => {
  await using home = openHome();
  mkdirSync(home.path, { mode: 0o700 });
  // So that nothing is distilled meanwhile.
  await home.run(['config', 'set', 'memory.enabled', 'false']);
  await (await openSqliteStorage(storageOptions(home.path))).close();
  const { database, runs } = homePaths(home.path);
  fillExpired(database, { events: 1_500, tasks: 30, toolUses: 20, textLength: 1_000 });
  makeRun(runs, 1, { bytes: 2_000 });

  const lines = (title: string) =>
    [
      `${title}:`,
      'events           1,500, over 30 days ago',
      'tasks            30, finished over 90 days ago',
      'agents           30, ended before both',
      'tool use texts   20 with 40.0 kB, distilled over 30 days ago',
      'attempt outputs  1 with 2.0 kB, of tasks that go, and oldest first over 2,048 MB together',
      '',
    ].join('\n');
  expect(await home.run(['prune', '--dry-run'])).toMatchObject({ code: 0, stdout: lines('Would be removed') });
  expect(countRows(database)).toMatchObject({ task: 40, observation: 10 });
  expect(await home.run(['prune'])).toMatchObject({ code: 0, stdout: lines('Removed') });
  expect(countRows(database)).toMatchObject({ task: 10 });
  expect(await home.json(['prune'])).toMatchObject({ dryRun: false, events: { rows: 0 }, tasks: { rows: 0 } });

  const sizes = (await home.json(['memory', 'prune', '--dry-run'])) as { bytesBefore: number; bytesAfter: number };
  expect(sizes.bytesAfter).toBeLessThan(sizes.bytesBefore);
  expect((await home.run(['memory', 'prune', '--dry-run'])).stdout).toMatch(
    /^The database has [\d.]+ \wB; about [\d.]+ \w?B of it is free and would go\.\n$/,
  );
  const after = (await home.json(['memory', 'prune'])) as typeof sizes;
  expect(after.bytesAfter).toBeLessThan(sizes.bytesBefore);
});

it('a retention of nothing is one sentence, and no server starts on it', async () => {
  await using home = openHome();
  await home.run(['config', 'set', 'retention.eventsDays', 'forever']);
  expect(await home.json(['config', 'get', 'retention.eventsDays'])).toBe('forever');
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ retention: { finishedTasksDays: 0 } }));
  const refused = await home.run(['prune', '--dry-run']);
  expect(refused.code).toBe(78);
  expect(refused.stderr).toContain(
    'retention.finishedTasksDays: it must be a whole number from 1 on, or "forever" to keep everything.',
  );
});
