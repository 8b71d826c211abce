import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProcessEnd, ProgramRequest, ProgramRunner } from '../../../src/application/ports/program-runner.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { readProcStat } from '../../../src/infrastructure/process/proc-stat.js';
import { isAlive } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentPrograms } from '../../support/agents/test-agent-processes.js';

interface Home extends AsyncDisposable {
  readonly path: string;
  readonly output: string;
  readonly runner: ProgramRunner;
  /** Starts this script of /bin/sh. Throws what keeps it from starting. */
  run(script: string, change?: Partial<ProgramRequest>): Promise<{ pid: number; end: Promise<ProcessEnd> }>;
}

async function openHome(maxOutputBytes = 10_000_000): Promise<Home> {
  const directory = await temporaryDirectory();
  const runId = `runner-test-${directory.path}`;
  const { programRunners } = testAgentPrograms(join(directory.path, 'agents'), { environment: {}, maxOutputBytes });
  const runner = programRunners.open({ agentId: encodeId('agent', 8), runId });
  const output = join(directory.path, 'output.log');
  let count = 0;
  return {
    path: directory.path,
    output,
    runner,
    async run(script, change) {
      count += 1;
      const started = await runner.run({
        name: String(count),
        resume: false,
        program: '/bin/sh',
        args: ['-c', script],
        cwd: directory.path,
        outputFile: output,
        inputFile: null,
        timeoutMs: 60_000,
        signal: new AbortController().signal,
        ...change,
      });
      if (!started.started) throw new Error(started.problem);
      return started;
    },
    async [Symbol.asyncDispose]() {
      await runner.release();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function parentOf(pid: number): number {
  return readProcStat(pid)?.parent ?? 0;
}

it('starts a program as the leader of a session of its own', async () => {
  await using home = await openHome();
  const { pid, end } = await home.run('read line < /proc/$$/stat; echo "$line"');
  expect(await end).toEqual({ how: 'exited', exitCode: 0, receipt: { ended: 0, left: 0 } });
  const [self, , , , group, session] = (await readFile(home.output, 'utf8')).split(' ');
  expect([self, group, session]).toEqual(Array(3).fill(String(pid)));
});

it('appends to the output file and makes it for the owner alone', async () => {
  await using home = await openHome();
  for (const word of ['one', 'two']) await (await home.run(`echo ${word}`)).end;
  expect(await readFile(home.output, 'utf8')).toBe('one\ntwo\n');
  expect((await stat(home.output)).mode & 0o777).toBe(0o600);
});

it('ends a program that writes without end, whoever looks on', async () => {
  await using home = await openHome(1_000);
  const { pid, end } = await home.run('yes');
  expect(await end).toMatchObject({ how: 'flooded', receipt: { left: 0 } });
  expect(isAlive(pid)).toBe(false);
});

it('keeps one supervisor over all programs, and closes every file and watch of each', async () => {
  await using home = await openHome();
  const supervisorOf = async () => {
    const { pid, end } = await home.run('read line < /dev/null; sleep 0.01');
    const parent = parentOf(pid);
    await end;
    return parent;
  };
  const supervisor = await supervisorOf();
  const openIn = async (pid: number | 'self') => (await readdir(`/proc/${String(pid)}/fd`)).length;
  const resources = async () => [await openIn('self'), await openIn(supervisor)];
  const runBoth = async () => {
    expect(await supervisorOf()).toBe(supervisor);
    await expect(home.run('', { program: '/nonexistent' })).rejects.toThrow('is not there');
  };
  await runBoth();
  const before = await resources();
  for (let count = 0; count < 5; count += 1) await runBoth();
  expect(await resources()).toEqual(before);
});

it('replaces a supervisor that was killed for the next program, and leaves nothing of the one before', async () => {
  await using home = await openHome();
  const pidFile = join(home.path, 'pid');
  const { pid, end } = await home.run(`setsid sh -c 'echo $$ > ${pidFile}; exec sleep 1000' & exec sleep 1000`);
  const child = await pidIn(pidFile);
  process.kill(parentOf(pid), 'SIGKILL');
  expect(await end).toEqual({ how: 'aborted', receipt: { ended: 2, left: 0 } });
  expect([pid, child].map(isAlive)).toEqual([false, false]);
  expect(await (await home.run('true')).end).toMatchObject({ how: 'exited', exitCode: 0 });
});

it('ends its supervisor when it is released', async () => {
  await using home = await openHome();
  const { pid, end } = await home.run('sleep 0.01');
  const supervisor = parentOf(pid);
  await end;
  await home.runner.release();
  await expect.poll(() => isAlive(supervisor)).toBe(false);
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
  await using home = await openHome();
  await expect(home.run('true', change)).rejects.toThrow(problem);
});
