import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGrowthBell } from '../../../src/infrastructure/process/agent/growth-bell.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

it('rings when the file grows after it was armed, and can be armed again', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'out');
  writeFileSync(file, '');
  using bell = createGrowthBell(file);
  for (let time = 0; time < 3; time += 1) {
    const rung = bell.arm();
    appendFileSync(file, 'x');
    await rung;
  }
});

it('rings when it is told to, and when it is disposed of', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'out');
  writeFileSync(file, '');
  const bell = createGrowthBell(file);
  const told = bell.arm();
  bell.ring();
  await told;
  const disposed = bell.arm();
  bell[Symbol.dispose]();
  await disposed;
});

it('looks again after a while where the file cannot be watched', async () => {
  await using directory = await temporaryDirectory();
  using bell = createGrowthBell(join(directory.path, 'is-not-there'));
  const before = performance.now();
  // What is waited for keeps no process alive; the test does.
  const alive = setInterval(() => undefined, 1_000);
  await bell.arm();
  clearInterval(alive);
  expect(performance.now() - before).toBeGreaterThan(400);
});
