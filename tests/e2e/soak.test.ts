import { expect, it } from 'vitest';
import { runSoak } from '../support/soak.js';

it('stays as it is in descriptors and threads while tasks run and clients come and go', async () => {
  const readings = await runSoak({ rounds: 4, tasksPerRound: 60, clientsPerRound: 25 });
  const [, second, , last] = readings;
  if (second === undefined || last === undefined) throw new Error('The soak gave too few readings.');
  // Idle connections of clients that just left, and a file that is being read, are there or not.
  expect(Math.abs(last.descriptors - second.descriptors)).toBeLessThanOrEqual(4);
  expect(last.threads).toBe(second.threads);
  expect(last.rssMb).toBeLessThan(250);
}, 90_000);
