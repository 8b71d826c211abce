import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import type { AgentProcess, OutputMessage } from '../../../src/application/ports/agent-process.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { readProcStat } from '../../../src/infrastructure/process/proc-stat.js';
import { isAlive } from '../../support/agents/bystander.js';
import { contentOf, pidIn } from '../../support/agents/content-of.js';
import type { Beginning } from '../../support/agents/dying-server.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentProcesses } from '../../support/agents/test-agent-processes.js';

const AGENT_ID = encodeId('agent', 9);
const NEVER = new AbortController().signal;
const LONG_MS = 60_000;
const DYING_SERVER = fileURLToPath(new URL('../../support/agents/dying-server.ts', import.meta.url));

interface Home extends AsyncDisposable {
  readonly path: string;
  readonly runId: string;
  /** Another server, in a process of its own, starts this script of /bin/sh and is then killed. Gives the program's pid. */
  leftBehind(script: string, lines?: string[], leaseMs?: number): Promise<{ pid: number; supervisor: number }>;
  attach(number?: number): Promise<AgentProcess | null>;
  start(script: string): Promise<AgentProcess>;
}

async function openHome(name = 'agents'): Promise<Home> {
  const directory = await temporaryDirectory();
  const agents = join(directory.path, name);
  await mkdir(agents, { recursive: true });
  const runId = `run-of-${directory.path}`;
  const processes = testAgentProcesses(agents);
  const toStop: AgentProcess[] = [];
  const request = (script: string) => ({
    agentId: AGENT_ID,
    number: 1,
    program: '/bin/sh',
    args: ['-c', script],
    cwd: directory.path,
    runId,
  });
  return {
    path: directory.path,
    runId,
    async leftBehind(script, lines = [], leaseMs = LONG_MS) {
      const server = fork(DYING_SERVER, { execArgv: ['--import', 'tsx'] });
      const beginning: Beginning = { directory: agents, request: request(script), lines, leaseMs };
      server.send(beginning);
      const [{ pid }] = (await once(server, 'message')) as [{ pid: number }];
      const supervisor = parentOf(pid);
      await killed(server);
      return { pid, supervisor };
    },
    async attach(number = 1) {
      const agent = await processes.attach({ agentId: AGENT_ID, number, runId });
      if (agent !== null) toStop.push(agent);
      return agent;
    },
    async start(script) {
      const agent = await processes.start(request(script));
      toStop.push(agent);
      return agent;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(toStop.map((agent) => agent.stop()));
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function parentOf(pid: number): number {
  const stat = readProcStat(pid);
  if (stat === null) throw new Error(`There is no process ${String(pid)}.`);
  return stat.parent;
}

/** Longer than any lease and grace of these tests, in milliseconds. */
const GONE_LIMIT_MS = 30_000;

/** Resolves when the process is gone. */
async function gone(pid: number): Promise<void> {
  // Nothing tells of the end of a process that is not ours, so it is looked at.
  await vi.waitUntil(() => !isAlive(pid), { timeout: GONE_LIMIT_MS, interval: 10 });
}

async function attached(home: Home): Promise<AgentProcess> {
  const agent = await home.attach();
  if (agent === null) throw new Error('Nothing was found.');
  return agent;
}

async function all(messages: AsyncIterable<OutputMessage>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const { message } of messages) list.push(message);
  return list;
}

it('hands a program of a server that was killed over to the next one, with its input and every byte of its output', async () => {
  await using home = await openHome();
  const { pid } = await home.leftBehind('exec cat', ['1', '2', '3']);
  const agent = await attached(home);
  expect(agent.pid).toBe(pid);
  expect(isAlive(pid)).toBe(true);
  expect(agent.sent()).toBe(3);
  await agent.send('4');
  expect(agent.sent()).toBe(4);
  await agent.closeInput();
  expect(await all(agent.messages(0, NEVER))).toEqual([1, 2, 3, 4]);
  expect(await agent.ended).toEqual({ how: 'exited', exitCode: 0, receipt: { ended: 0, left: 0 } });
});

it('writes a line once that two servers send under one number', async () => {
  await using home = await openHome();
  const first = await home.start('exec cat');
  const second = await attached(home);
  await first.send('1');
  await second.send('1');
  await first.closeInput();
  expect(await all(second.messages(0, NEVER))).toEqual([1]);
});

it('keeps how a program ended that ended without any server', async () => {
  await using home = await openHome();
  const { supervisor } = await home.leftBehind('echo 1; read line; echo 2; exit 7', []);
  const before = await attached(home);
  await before.send('on');
  await gone(supervisor);
  const agent = await attached(home);
  expect(await agent.ended).toEqual({ how: 'exited', exitCode: 7, receipt: { ended: 0, left: 0 } });
  expect(await all(agent.messages(0, NEVER))).toEqual([1, 2]);
  expect(await agent.stop()).toEqual({ ended: 0, left: 0 });
  await expect(agent.send('late')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await home.attach(2)).toBeNull();
});

it('ends a program and all that it started when no server comes for too long, and keeps the receipt', async () => {
  await using home = await openHome();
  const pidFile = join(home.path, 'pid');
  const script = `trap '' TERM; setsid sh -c 'echo $$ > ${pidFile}; exec sleep 1000' & wait; exec sleep 1000`;
  const { pid, supervisor } = await home.leftBehind(script, [], 300);
  const child = await pidIn(pidFile);
  await gone(supervisor);
  expect([isAlive(pid), isAlive(child)]).toEqual([false, false]);
  const end: unknown = JSON.parse(await readFile(join(home.path, 'agents', AGENT_ID, '1.end.json'), 'utf8'));
  expect(end).toMatchObject({ pid, stopped: 'aborted', receipt: { left: 0 } });
  const agent = await attached(home);
  expect(await agent.ended).toMatchObject({ how: 'aborted', receipt: { left: 0 } });
});

it('leaves a program alone while a server is there, however long that is', async () => {
  await using home = await openHome();
  const { pid, supervisor } = await home.leftBehind('exec cat', [], 1_000);
  const agent = await attached(home);
  // That nothing happens is only seen by waiting: half as long again as the lease.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect([isAlive(pid), isAlive(supervisor)]).toEqual([true, true]);
  expect(await agent.stop()).toEqual({ ended: 1, left: 0 });
  await gone(supervisor);
});

it('ends the program itself when its supervisor is killed', async () => {
  await using home = await openHome();
  const pidFile = join(home.path, 'pid');
  const agent = await home.start(`setsid sh -c 'echo $$ > ${pidFile}; exec sleep 1000' & exec sleep 1000`);
  const child = await pidIn(pidFile);
  process.kill(parentOf(agent.pid), 'SIGKILL');
  expect(await agent.ended).toEqual({ how: 'aborted', receipt: { ended: 2, left: 0 } });
  expect([isAlive(agent.pid), isAlive(child)]).toEqual([false, false]);
  await expect(agent.send('1')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await home.attach()).toBeNull();
});

it('ends the program when its supervisor is told to end', async () => {
  await using home = await openHome();
  const agent = await home.start('exec sleep 1000');
  const supervisor = parentOf(agent.pid);
  process.kill(supervisor, 'SIGTERM');
  expect(await agent.ended).toEqual({ how: 'aborted', receipt: { ended: 1, left: 0 } });
  await gone(supervisor);
});

it('ends with its program, and is no part of the run itself', async () => {
  await using home = await openHome();
  const agent = await home.start('read line; exit 0');
  const supervisor = parentOf(agent.pid);
  const [environment, command] = await Promise.all([
    readFile(`/proc/${String(supervisor)}/environ`, 'utf8'),
    readFile(`/proc/${String(supervisor)}/cmdline`, 'utf8'),
  ]);
  expect(environment).toBe('');
  expect(command.split('\0').slice(-3)).toEqual([expect.stringMatching(/dist\/supervisor\.cjs$/), AGENT_ID, '']);
  // Who starts a test may have left descriptors open to all; the channel to the supervisor must not be one.
  const descriptors = await readdir(`/proc/${String(agent.pid)}/fd`);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${String(agent.pid)}/fd/${fd}`)));
  expect(targets).not.toContain(await readlink(`/proc/${String(supervisor)}/fd/3`));
  const ours = join(home.path, 'agents', AGENT_ID);
  expect(targets.slice(1, 3)).toEqual([join(ours, '1.out'), join(ours, '1.err')]);
  await agent.send('end');
  await agent.ended;
  await gone(supervisor);
});

it('hangs up on whoever does not know the secret of the run', async () => {
  await using home = await openHome();
  const agent = await home.start('exec cat');
  const path = join(home.path, 'agents', AGENT_ID, 's');
  for (const line of ['{"id":1,"do":"stop"}', '{"id":1,"do":"hello","secret":"0"}', 'no json', 'x'.repeat(10_000)]) {
    const stranger = connect(path);
    let answer = '';
    stranger.on('data', (chunk: Buffer) => {
      answer += String(chunk);
    });
    stranger.on('error', () => undefined);
    stranger.write(`${line}\n`);
    await once(stranger, 'close');
    expect(answer).toBe('');
  }
  expect(isAlive(agent.pid)).toBe(true);
  expect(
    await testAgentProcesses(join(home.path, 'agents')).attach({ agentId: AGENT_ID, number: 1, runId: 'other' }),
  ).toBe(null);
});

it('is found in a directory whose path is longer than a socket may have', async () => {
  await using home = await openHome(join('deep'.repeat(20), 'deeper'.repeat(10)));
  const { pid } = await home.leftBehind('exec cat');
  const here = process.cwd();
  const agent = await attached(home);
  expect([agent.pid, process.cwd()]).toEqual([pid, here]);
  expect(await agent.stop()).toEqual({ ended: 1, left: 0 });
});

it('has nothing to say of a program that wrote no errors', async () => {
  await using home = await openHome();
  const file = join(home.path, 'out');
  const agent = await home.start(`echo started > ${file}; exec cat`);
  expect(await contentOf(file)).toBe('started');
  await agent.stop();
  expect(await agent.errorTail()).toBe('');
});
