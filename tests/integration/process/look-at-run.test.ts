import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { bystander } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const { lookAtRun } = createProcesses({ environment: {}, timer });
// Of its own, because a run of these tests that was killed leaves its processes behind.
const RUN_ID = `look-test-${String(process.pid)}`;

it('tells the processes of a run, and that nothing changed while they only wait', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'pid');
  const script = `sleep 1000 & echo $! > ${file}; wait`;
  await using run = bystander('sh', ['-c', script], { CW_RUN_ID: RUN_ID });
  await using _other = bystander('sleep', ['1000'], { CW_RUN_ID: 'look-test-other' });
  const child = await pidIn(file);
  const look = await lookAtRun(RUN_ID);
  expect([...look.processes].map((key) => Number.parseInt(key, 10)).sort()).toEqual([run.pid, child].sort());
  expect(await lookAtRun(RUN_ID)).toEqual(look);
});

it('sees the processor time of what a run does, also in children that have ended', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'pid');
  // Until it has had the time: on a busy machine that is long after it asked for it.
  const work = 'while (process.cpuUsage().user < 200000);';
  const script = `${process.execPath} -e '${work}'; echo $$ > ${file}; exec sleep 1000`;
  await using run = bystander('sh', ['-c', script], { CW_RUN_ID: 'look-test-two' });
  await pidIn(file);
  const { cpuMs, processes } = await lookAtRun('look-test-two');
  expect(cpuMs).toBeGreaterThanOrEqual(100);
  expect(processes.size).toBe(1);
  expect([...processes][0]).toMatch(new RegExp(`^${String(run.pid)}:`));
});

it('finds nothing of a run that is gone', async () => {
  expect(await lookAtRun('look-test-nothing')).toEqual({ cpuMs: 0, processes: new Set() });
});
