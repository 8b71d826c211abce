import { expect, it } from 'vitest';
import { runChaos } from '../support/chaos.js';
import { runCaptureChaos } from '../support/hooks/capture-chaos.js';

it('ends every acknowledged task exactly once, none failed, while the server is killed again and again', async () => {
  const report = await runChaos({ tasks: 200, killWithinMs: 1_500 });
  expect(report).toMatchObject({ acknowledged: 200, wrong: [], misrun: [], strays: 0 });
  expect(report.takenOver).toBeGreaterThan(0);
  expect(report.kills).toBeGreaterThan(3);
}, 120_000);

it('keeps every acknowledged tool use once, while the server is killed again and again', async () => {
  const report = await runCaptureChaos({ toolUses: 2_000, killWithinMs: 1_000 });
  expect(report).toMatchObject({ lost: 0, doubled: 0 });
  expect(report.kills).toBeGreaterThan(1);
  expect(report.acknowledged).toBeGreaterThan(500);
}, 120_000);
