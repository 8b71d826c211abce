import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import type { AgentProfile } from '../../../src/domain/agent/agent-profile.js';
import { readProcStat } from '../../../src/infrastructure/process/proc-stat.js';
import { createProcesses } from '../../../src/infrastructure/process/processes.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import {
  type AgentBench,
  type AgentBenchOptions,
  endOf,
  type LeftAgent,
  openAgentBench,
} from '../../support/agents/agent-bench.js';
import { isAlive } from '../../support/agents/bystander.js';
import type { BeginningTurns } from '../../support/agents/dying-bench.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';

const SHELL: AgentProfile = { name: 'shell', protocol: 'shell' };
const COMMAND: AgentProfile = { name: 'script', protocol: 'command', command: 'sh', args: ['-c', '{prompt}'] };
const STDIN: AgentProfile = { name: 'reader', protocol: 'command', command: 'sh', args: [] };
/** Starting some ten supervisors on a busy machine, in milliseconds. */
const HOOK_LIMIT_MS = 60_000;
const DYING_BENCH = fileURLToPath(new URL('../../support/agents/dying-bench.ts', import.meta.url));

interface Left extends AsyncDisposable {
  readonly bench: AgentBench;
  /** What the server that was killed had begun, by the name of the turn. */
  of(name: string): LeftAgent & { readonly supervisor: number };
  /** Takes the agent of this turn over. */
  attach(name: string): Promise<RunningAgent | null>;
  taken(name: string): Promise<RunningAgent>;
  /** The turn as the next server goes on with it. */
  turn(name: string, change?: Partial<Turn>): Turn;
}

type Turns = Readonly<Record<string, { readonly profile: AgentProfile; readonly prompt: string }>>;

/** Begins these turns in another process and kills it as soon as their programs run. */
async function leftBehind(turns: Turns, options: Omit<AgentBenchOptions, 'directory'> = {}): Promise<Left> {
  const directory = await temporaryDirectory();
  const server = fork(DYING_BENCH, { execArgv: ['--import', 'tsx'] });
  const beginning: BeginningTurns = { ...options, directory: directory.path, turns: Object.values(turns) };
  server.send(beginning);
  const [begun] = (await once(server, 'message')) as [LeftAgent[]];
  const all = new Map(
    Object.keys(turns).map((name, index) => {
      const agent = begun[index];
      if (agent === undefined) throw new Error(`${name} was not begun.`);
      return [name, { ...agent, supervisor: readProcStat(agent.pid)?.parent ?? 0 }];
    }),
  );
  server.kill('SIGKILL');
  await once(server, 'exit');
  const bench = await openAgentBench({ directory: directory.path, ...options });
  const left: Left = {
    bench,
    of(name) {
      const agent = all.get(name);
      if (agent === undefined) throw new Error(`There is no turn ${name}.`);
      return agent;
    },
    attach: (name) => bench.attach(turns[name]?.profile ?? SHELL, left.of(name)),
    async taken(name) {
      const agent = await left.attach(name);
      if (agent === null) throw new Error(`Nothing is left of ${name}.`);
      return agent;
    },
    turn: (name, change) => bench.turn(turns[name]?.prompt ?? '', { attempt: left.of(name).attempt, ...change }),
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
  return left;
}

function resume(agent: RunningAgent, turn: Turn): AsyncIterable<AgentUpdate> {
  if (agent.resume === undefined) throw new Error('It cannot go on.');
  return agent.resume(turn);
}

/** Nothing tells of the end of a process that is not ours, so it is looked at. */
async function gone(pid: number): Promise<void> {
  await vi.waitUntil(() => !isAlive(pid), { timeout: 30_000, interval: 10 });
}

const until = (name: string) => `until [ -e ${name} ]; do sleep 0.01; done`;
const BESIDE = 'setsid sleep 1000 & sleep 1000';
const NOTHING = { ended: 0, left: 0 };
const DONE = { text: 'one\ntwo\n', truncated: false, bytes: 8, exitCode: 0 };

describe('an agent whose server was killed', () => {
  let left: Left;
  beforeAll(async () => {
    left = await leftBehind(
      {
        shell: { profile: SHELL, prompt: `echo one; ${until('go')}; echo two >&2` },
        command: { profile: COMMAND, prompt: `echo one; ${until('go')}; echo two; exit 4` },
        // A shell reads its script bit by bit, and this one when its server is long gone.
        stdin: { profile: STDIN, prompt: `echo one; ${until('go')}\necho two` },
        alone: { profile: SHELL, prompt: `echo one; ${until('alone')}; echo two; sleep 1000 & exit 0` },
        missing: { profile: SHELL, prompt: `${until('alone')}; no-such-command` },
        signalled: { profile: COMMAND, prompt: `${until('alone')}; kill -SEGV $$` },
        flood: { profile: SHELL, prompt: `${until('alone')}; exec yes` },
        timeout: { profile: SHELL, prompt: BESIDE },
        cancelled: { profile: SHELL, prompt: BESIDE },
        stopped: { profile: SHELL, prompt: BESIDE },
        unsupervised: { profile: SHELL, prompt: 'exec sleep 1000' },
        elsewhere: { profile: SHELL, prompt: 'exec sleep 1000' },
      },
      { maxOutputBytes: 1_000_000 },
    );
  }, HOOK_LIMIT_MS);
  afterAll(() => left[Symbol.asyncDispose]());

  const goOn = async (name: string, change?: Partial<Turn>) =>
    endOf(resume(await left.taken(name), left.turn(name, change)));

  it('goes on, to the very end that it would have had', async () => {
    const ends = Promise.all(['shell', 'command', 'stdin'].map((name) => goOn(name)));
    await writeFile(join(left.bench.workspace, 'go'), '');
    const [shell, command, stdin] = await ends;
    const ran = { command: left.turn('shell').prompt, workspace: left.bench.workspace, output: DONE.text };
    expect(shell).toEqual({ outcome: 'completed', result: DONE, receipt: NOTHING, ran });
    const message = 'Exited with code 4. Last line of its output: two';
    expect(command).toMatchObject({ outcome: 'failed', error: { message }, exitCode: 4, ran: { output: DONE.text } });
    expect(stdin).toMatchObject({ outcome: 'completed', result: DONE, ran: { command: 'sh' } });
  });

  it('is told of with the end that it had alone, and what it left running is gone', async () => {
    await writeFile(join(left.bench.workspace, 'alone'), '');
    await Promise.all(['alone', 'missing', 'signalled', 'flood'].map((name) => gone(left.of(name).supervisor)));
    const end = await goOn('alone');
    expect(end).toMatchObject({ outcome: 'completed', result: DONE, receipt: { ended: 1, left: 0 } });
    expect(await goOn('missing')).toMatchObject({ outcome: 'failed', exitCode: 127, error: { code: 'usage' } });
    const error = { code: 'crashed', message: 'Ended by signal SIGSEGV.' };
    expect(await goOn('signalled')).toMatchObject({ outcome: 'failed', exitCode: null, error });
    const message = 'Wrote more output than one attempt may keep and was stopped.';
    expect(await goOn('flood')).toMatchObject({ outcome: 'failed', error: { code: 'failed', message } });
  });

  it('takes the next turn, whether its supervisor lives or is gone', async () => {
    for (const name of ['shell', 'alone']) {
      const agent = await left.taken(name);
      await endOf(resume(agent, left.turn(name)));
      const next = endOf(agent.prompt(left.bench.turn('echo next', { attempt: `${left.of(name).attempt}0` })));
      expect(await next).toMatchObject({ outcome: 'completed', result: { text: 'next\n' } });
    }
  });

  it('has what is left of its time, and says what all of it was', async () => {
    const end = await goOn('timeout', { timeoutMs: 60_000, spentMs: 59_950 });
    const error = { code: 'timeout', message: 'Ran longer than its time limit of 60 s and was stopped.' };
    expect(end).toMatchObject({ outcome: 'failed', error, receipt: { ended: 3, left: 0 } });
    expect(isAlive(left.of('timeout').pid)).toBe(false);
  });

  it('is ended with all that it started when its turn is cut, and when it is stopped', async () => {
    const abort = new AbortController();
    const cancelled = goOn('cancelled', { signal: abort.signal });
    abort.abort();
    const agent = await left.taken('stopped');
    const stopped = endOf(resume(agent, left.turn('stopped')));
    expect(await agent.stop()).toEqual({ ended: 3, left: 0 });
    for (const end of [await cancelled, await stopped]) {
      expect(end).toEqual({ outcome: 'aborted', receipt: { ended: 3, left: 0 } });
    }
  });

  it('is none to go on with when nobody watches over it any more, or when it is at another attempt', async () => {
    const { pid, supervisor } = left.of('unsupervised');
    process.kill(supervisor, 'SIGKILL');
    await gone(supervisor);
    expect(await left.attach('unsupervised')).toBeNull();
    const elsewhere = left.of('elsewhere');
    expect(await left.bench.attach(SHELL, { ...elsewhere, attempt: 'task_00000000099-1' })).toBeNull();
    // Ended by whoever finds it so, by its run.
    expect([pid, elsewhere.pid].map(isAlive)).toEqual([true, true]);
    const runIds = [left.of('unsupervised').runId, elsewhere.runId];
    expect(await createProcesses({ environment: {}, timer, graceMs: 300 }).sweepRuns(runIds)).toEqual({
      ended: 2,
      left: 0,
    });
  });
});

it('is ended when no server comes for too long, and what it was at is to begin anew', async () => {
  await using left = await leftBehind({ long: { profile: SHELL, prompt: BESIDE } }, { leaseMs: 200 });
  const { pid, supervisor } = left.of('long');
  await gone(supervisor);
  expect(isAlive(pid)).toBe(false);
  const end = await endOf(resume(await left.taken('long'), left.turn('long')));
  expect(end).toEqual({ outcome: 'aborted', receipt: { ended: 3, left: 0 } });
});

it('runs the program of a turn once, whichever of two servers asks first', async () => {
  await using first = await openAgentBench();
  await using second = await openAgentBench({ directory: first.path });
  const agent = await first.start(SHELL);
  const turn = first.turn('echo run; sleep 0.1');
  // Both know of the supervisor before either has begun the turn.
  await endOf(agent.prompt(first.turn('true')));
  const taken = await second.attach(SHELL, { ...first.last(), attempt: turn.attempt });
  if (taken === null) throw new Error('There is no supervisor.');
  const ends = await Promise.all([endOf(resume(taken, turn)), endOf(resume(agent, turn))]);
  expect(ends.map((end) => end.outcome)).toEqual(['completed', 'completed']);
  expect(String(await first.output(turn))).toBe('run\n');
  // And once more, long after its end.
  expect(await endOf(resume(taken, turn))).toEqual(ends[0]);
  expect(String(await first.output(turn))).toBe('run\n');
});
