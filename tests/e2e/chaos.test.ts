import { expect, it } from 'vitest';
import { runChaos } from '../support/chaos.js';

it('ends every acknowledged task exactly once, none failed, while the server is killed again and again', async () => {
  const report = await runChaos({ tasks: 200, killWithinMs: 1_500 });
  expect(report).toMatchObject({ acknowledged: 200, wrong: [], strays: 0 });
  expect(report.kills).toBeGreaterThan(3);
}, 120_000);
