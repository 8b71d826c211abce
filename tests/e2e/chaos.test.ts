import { expect, it } from 'vitest';
import { runGraphChaos } from '../support/chaos/graph-chaos.js';
import { runChaos } from '../support/chaos/task-chaos.js';
import { runCaptureChaos } from '../support/hooks/capture-chaos.js';

it('ends every acknowledged task exactly once, none failed, while the server is killed again and again', async () => {
  const report = await runChaos({ tasks: 200, killWithinMs: 1_500 });
  expect(report).toMatchObject({ acknowledged: 200, wrong: [], misrun: [], strays: 0 });
  expect(report.takenOver).toBeGreaterThan(0);
  expect(report.kills).toBeGreaterThan(3);
}, 120_000);

it('runs the tasks of a graph in order, each attempt once, while the server is killed again and again', async ({
  skip,
}) => {
  if (process.platform !== 'linux') skip('an attempt learns its name from /proc');
  const report = await runGraphChaos({ graphs: 1, killEveryMs: 500, forMs: 6_000 });
  expect(report).toMatchObject({ tasks: 50, wrong: [], misrun: [], early: [], strays: 0 });
  expect(report.kills).toBeGreaterThan(1);
}, 120_000);

it('keeps every acknowledged tool use once, while the server is killed again and again', async () => {
  const report = await runCaptureChaos({ toolUses: 2_000, killWithinMs: 1_000 });
  expect(report).toMatchObject({ lost: 0, doubled: 0 });
  expect(report.kills).toBeGreaterThan(1);
  expect(report.acknowledged).toBeGreaterThan(500);
}, 120_000);
