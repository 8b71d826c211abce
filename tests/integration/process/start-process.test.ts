import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProcessRequest } from '../../../src/application/ports/start-process.js';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { isAlive } from '../../support/agents/bystander.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const { startProcess } = createProcesses({ environment: {}, timer, graceMs: 300, maxOutputBytes: 10_000_000 });

function request(directory: string, script: string, change?: Partial<ProcessRequest>): ProcessRequest {
  return {
    program: '/bin/sh',
    args: ['-c', script],
    cwd: directory,
    runId: `start-test-${directory}`,
    outputFile: join(directory, 'output.log'),
    inputFile: null,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    ...change,
  };
}

it('starts a program as the leader of a session of its own', async () => {
  await using directory = await temporaryDirectory();
  const started = await startProcess(request(directory.path, 'read line < /proc/$$/stat; echo "$line"'));
  if (!started.started) throw new Error(started.problem);
  expect(await started.end).toEqual({ how: 'exited', exitCode: 0, receipt: { ended: 0, left: 0 } });
  const [pid, , , , group, session] = (await readFile(join(directory.path, 'output.log'), 'utf8')).split(' ');
  expect([pid, group, session]).toEqual(Array(3).fill(String(started.pid)));
});

it('appends to the output file and makes it for the owner alone', async () => {
  await using directory = await temporaryDirectory();
  for (const word of ['one', 'two']) {
    const started = await startProcess(request(directory.path, `echo ${word}`));
    if (started.started) await started.end;
  }
  const file = join(directory.path, 'output.log');
  expect(await readFile(file, 'utf8')).toBe('one\ntwo\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it('ends a program that writes without end', async () => {
  await using directory = await temporaryDirectory();
  const started = await startProcess(request(directory.path, 'yes'));
  if (!started.started) throw new Error(started.problem);
  expect(await started.end).toMatchObject({ how: 'flooded', receipt: { left: 0 } });
  expect(isAlive(started.pid)).toBe(false);
});

it('closes every file and watch of a program that ended, and of one that could not start', async () => {
  await using directory = await temporaryDirectory();
  const resources = async () => {
    const descriptors = await readdir('/proc/self/fd');
    return [descriptors.length, process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length];
  };
  const runBoth = async () => {
    const started = await startProcess(request(directory.path, 'true'));
    if (started.started) await started.end;
    const failed = await startProcess(request(directory.path, '', { program: '/nonexistent' }));
    expect(failed).toMatchObject({ started: false, temporary: false });
  };
  await runBoth();
  const before = await resources();
  for (let count = 0; count < 5; count += 1) await runBoth();
  expect(await resources()).toEqual(before);
});

it.each([
  [{ cwd: '/nonexistent' }, /^The workspace \/nonexistent is not there any more\.$/],
  [{ cwd: '/etc/passwd' }, /^The workspace \/etc\/passwd is not there any more\.$/],
  [
    { outputFile: '/nonexistent/output.log' },
    /^The output file \/nonexistent\/output\.log cannot be written \(ENOENT\)\.$/,
  ],
  [{ program: '/etc/passwd' }, /^\/etc\/passwd cannot be started: it is not executable/],
])('says why it cannot start %j', async (change, problem) => {
  await using directory = await temporaryDirectory();
  expect(await startProcess(request(directory.path, 'true', change))).toEqual({
    started: false,
    problem: expect.stringMatching(problem) as string,
    temporary: false,
  });
});
