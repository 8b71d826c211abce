import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Application } from '../../../src/application/application.js';
import type { Provider } from '../../../src/application/lifecycle/service.js';
import type { PrunedExpired } from '../../../src/application/retention/prune-expired.js';
import type { Ground } from '../../../src/composition/ground.js';
import { createRetentionService } from '../../../src/composition/retention-service.js';
import { createManualTime } from '../../support/manual-time.js';
import { openScope } from '../../support/scope.js';

const MINUTE_MS = 60_000;
const PRUNED: PrunedExpired = {
  dryRun: false,
  events: { rows: 1 },
  tasks: { rows: 0 },
  agents: { rows: 0 },
  toolUseTexts: { rows: 0, bytes: 0 },
  runs: { directories: 0, bytes: 0 },
  retention: { eventsDays: 30, finishedTasksDays: 90, toolUseTextDays: 30, runOutputMb: 2_048 },
};

it('prunes two minutes after the start, then every hour, and no more once it closes', async () => {
  const time = createManualTime();
  const said: string[] = [];
  const log = { info: (message: string) => said.push(message) } as unknown as Ground['log'];
  const signals: AbortSignal[] = [];
  const app = {
    pruneExpired: (_command: unknown, signal: AbortSignal) => {
      signals.push(signal);
      return Promise.resolve(PRUNED);
    },
  } as unknown as Application;
  const api = { name: 'api', provided: () => app } as unknown as Provider<Application>;
  const scope = openScope('the test', time);
  await createRetentionService({ log } as Ground, api).start(scope);

  const after = async (minutes: number) => {
    time.advance(minutes * MINUTE_MS);
    await setImmediate();
    return signals.length;
  };
  expect([await after(1), await after(1), await after(57), await after(1), await after(60)]).toEqual([0, 1, 1, 2, 3]);
  await scope.close();
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
  expect(said).toEqual(Array.from({ length: 3 }, () => 'removed what had ended its time'));
  expect(await after(600)).toBe(3);
});
