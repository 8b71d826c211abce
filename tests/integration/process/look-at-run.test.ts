import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { bystander } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const { lookAtRun } = createProcesses({ environment: {}, timer });

it('tells the processes of a run, and that nothing changed while they only wait', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'pid');
  const script = `sleep 1000 & echo $! > ${file}; wait`;
  await using run = bystander('sh', ['-c', script], { CW_RUN_ID: 'look-test-one' });
  await using _other = bystander('sleep', ['1000'], { CW_RUN_ID: 'look-test-other' });
  const child = await pidIn(file);
  const look = await lookAtRun('look-test-one');
  expect([...look.processes].map((key) => Number.parseInt(key, 10)).sort()).toEqual([run.pid, child].sort());
  expect(await lookAtRun('look-test-one')).toEqual(look);
});

it('sees the processor time of what a run does, also in children that have ended', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'pid');
  const work = 'let n = 0; const end = Date.now() + 300; while (Date.now() < end) n += 1;';
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
