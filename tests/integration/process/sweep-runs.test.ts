import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { bystander, isAlive } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const { sweepRuns } = createProcesses({ environment: {}, timer, graceMs: 300 });

it('ends what a dead server left of several runs, with what cleaned its environment, and nothing else', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'pid');
  await using one = bystander('sleep', ['1000'], { CW_RUN_ID: 'sweep-test-one' });
  const script = `env -i /usr/bin/setsid sh -c 'echo $$ > ${file}; exec sleep 1000' & wait`;
  await using two = bystander('sh', ['-c', script], { CW_RUN_ID: 'sweep-test-two' });
  await using other = bystander('sleep', ['1000'], { CW_RUN_ID: 'sweep-test-of-another-server' });
  const cleaned = await pidIn(file);

  const receipt = await sweepRuns(['sweep-test-one', 'sweep-test-two', 'sweep-test-that-left-nothing']);
  await Promise.all([one.ended, two.ended]);
  expect(receipt).toEqual({ ended: 3, left: 0 });
  expect([cleaned, other.pid].map(isAlive)).toEqual([false, true]);
});

it('does nothing for runs that left nothing, and for none', async () => {
  expect(await sweepRuns(['sweep-test-nothing'])).toEqual({ ended: 0, left: 0 });
  expect(await sweepRuns([])).toEqual({ ended: 0, left: 0 });
});
