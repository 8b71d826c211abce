import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RESULT_TEXT_LIMIT } from '../../../src/application/ports/attempt-files.js';
import type { AgentProfile } from '../../../src/domain/agent/agent-profile.js';
import { AGENT_ID, endOf, openAgentBench, SERVER_ENVIRONMENT } from '../../support/agents/agent-bench.js';
import { bystander, isAlive } from '../../support/agents/bystander.js';
import { contentOf, pidIn } from '../../support/agents/content-of.js';

/** Every runtime of a plain program, with a profile under which a prompt is a script for /bin/sh. */
const PROFILES: readonly AgentProfile[] = [
  { name: 'shell', protocol: 'shell' },
  { name: 'script', protocol: 'command', command: 'sh', args: ['-c', '{prompt}'] },
];

/** Ways to leave a process behind. Each writes its pid to `$PID_FILE` and would run for ever. */
const LEFT_BEHIND = {
  'in the background': 'sh -c "$BODY" &',
  'with nohup': 'nohup sh -c "$BODY" >/dev/null 2>&1 &',
  'in a session of its own': 'setsid sh -c "$BODY" >/dev/null 2>&1 &',
  'after a double fork': '(setsid sh -c "sh -c \\"\\$BODY\\" &" &)',
  'without its environment': 'env -i /usr/bin/setsid sh -c "$BODY" &',
};
const BODY = 'echo $$ > "$PID_FILE"; exec sleep 1000';

function leave(how: string, pidFile: string): string {
  // The body names its file itself, because one of the ways has no environment to find it in.
  return `BODY='${BODY.replace('$PID_FILE', pidFile)}'; export BODY; ${how}\nuntil [ -s ${pidFile} ]; do sleep 0.01; done\n`;
}

describe.each(PROFILES)('the $protocol runtime', (profile) => {
  it('writes both outputs of the agent to one file, in order, and gives it back as the result', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    const turn = bench.turn('echo one; echo two >&2; echo three');
    const updates = [];
    for await (const update of agent.prompt(turn)) updates.push(update);

    expect(updates).toEqual([
      { type: 'progress', message: expect.stringMatching(/^process \d+ started$/) as string, fraction: null },
      {
        type: 'turn_end',
        end: {
          outcome: 'completed',
          result: { text: 'one\ntwo\nthree\n', truncated: false, bytes: 14, exitCode: 0 },
          receipt: { ended: 0, left: 0 },
          ran: expect.objectContaining({ workspace: bench.workspace, output: 'one\ntwo\nthree\n' }) as object,
        },
      },
    ]);
    expect(String(await bench.output(turn))).toBe('one\ntwo\nthree\n');
  });

  it('works in the workspace, with nothing on its standard input', async () => {
    await using bench = await openAgentBench();
    const end = await endOf((await bench.start(profile)).prompt(bench.turn('pwd -P; cat')));
    expect(end).toMatchObject({ outcome: 'completed', result: { text: `${bench.workspace}\n` } });
  });

  it('fails a turn whose agent put something else in the place of its output, and takes the next one', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    const turn = bench.turn('file=$(readlink /proc/$$/fd/1); rm "$file"; mkdir "$file"');
    expect(await endOf(agent.prompt(turn))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: expect.stringMatching(/^Its output cannot be read \(EISDIR/) as string },
      exitCode: 0,
    });
    expect(await endOf(agent.prompt(bench.turn('echo next')))).toMatchObject({ outcome: 'completed' });
    expect(await agent.stop()).toEqual({ ended: 0, left: 0 });
  });

  it('fails a turn that exits with another code than 0, and quotes its last words', async () => {
    await using bench = await openAgentBench();
    const end = await endOf(
      (await bench.start(profile)).prompt(bench.turn('echo first; echo it is broken >&2; echo; exit 3')),
    );
    expect(end).toEqual({
      ran: expect.objectContaining({ workspace: bench.workspace }) as object,
      outcome: 'failed',
      error: { code: 'failed', message: 'Exited with code 3. Last line of its output: it is broken' },
      exitCode: 3,
      receipt: { ended: 0, left: 0 },
    });
  });

  it('calls an end by a signal a crash and names the signal', async () => {
    await using bench = await openAgentBench();
    const end = await endOf((await bench.start(profile)).prompt(bench.turn('kill -SEGV $$')));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: { code: 'crashed', message: 'Ended by signal SIGSEGV.' },
      exitCode: null,
    });
  });

  it('takes any number of turns, one after the other', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    for (const word of ['first', 'second']) {
      expect(await endOf(agent.prompt(bench.turn(`echo ${word}`)))).toMatchObject({ result: { text: `${word}\n` } });
    }
  });

  it('ends a turn at its time limit', async () => {
    await using bench = await openAgentBench();
    const end = await endOf((await bench.start(profile)).prompt(bench.turn('sleep 1000', { timeoutMs: 50 })));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: { code: 'timeout', message: 'Ran longer than its time limit of 50 ms and was stopped.' },
      receipt: { left: 0 },
    });
    expect(end.receipt.ended).toBeGreaterThan(0);
  });

  it.each([
    ['that obeys', 'echo $$ > pid'],
    ['that ignores SIGTERM', 'trap "" TERM; echo $$ > pid'],
    ['that stands still', "sh -c 'kill -STOP $PPID; echo $PPID > pid' &"],
  ])('ends a turn %s when it is aborted', async (_which, habit) => {
    await using bench = await openAgentBench();
    const abort = new AbortController();
    const turn = bench.turn(`${habit}\nwhile :; do sleep 1000; done`, { signal: abort.signal });
    const ended = endOf((await bench.start(profile)).prompt(turn));
    const pid = await pidIn(join(bench.workspace, 'pid'));
    abort.abort();

    const end = await ended;
    expect(end).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
    expect(end.receipt.ended).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
  });

  it('does not begin a turn whose signal is aborted already', async () => {
    await using bench = await openAgentBench();
    const end = await endOf(
      (await bench.start(profile)).prompt(bench.turn('touch begun', { signal: AbortSignal.abort() })),
    );
    expect(end).toEqual({ outcome: 'aborted', receipt: { ended: 0, left: 0 } });
  });

  it.each(Object.entries(LEFT_BEHIND))('ends what a successful turn left behind %s', async (_how, command) => {
    await using bench = await openAgentBench();
    const pidFile = join(bench.workspace, 'pid');
    const end = await endOf((await bench.start(profile)).prompt(bench.turn(leave(command, pidFile))));

    expect(end).toMatchObject({ outcome: 'completed', receipt: { left: 0 } });
    expect(end.receipt.ended).toBeGreaterThan(0);
    expect(isAlive(await pidIn(pidFile))).toBe(false);
  });

  it.each(
    Object.entries({
      ...LEFT_BEHIND,
      'without its environment and output': 'env -i /usr/bin/setsid sh -c "$BODY" >/dev/null 2>&1 &',
    }),
  )('ends what an aborted turn has started %s', async (_how, command) => {
    await using bench = await openAgentBench();
    const pidFile = join(bench.workspace, 'pid');
    const abort = new AbortController();
    const turn = bench.turn(`${leave(command, pidFile)}echo ready > ready; wait; sleep 1000`, { signal: abort.signal });
    const ended = endOf((await bench.start(profile)).prompt(turn));
    await contentOf(join(bench.workspace, 'ready'));
    abort.abort();

    expect(await ended).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
    expect(isAlive(await pidIn(pidFile))).toBe(false);
  });

  it('ends processes that ignore SIGTERM and start ever new ones in sessions of their own', async () => {
    await using bench = await openAgentBench();
    const abort = new AbortController();
    const breed = 'trap "" TERM; while :; do setsid sleep 1000 & echo $! >> pids; sleep 0.01; done';
    const turn = bench.turn(`for i in 1 2 3; do setsid sh -c '${breed}' & done; sleep 0.2; echo ready > ready; wait`, {
      signal: abort.signal,
    });
    const ended = endOf((await bench.start(profile)).prompt(turn));
    await contentOf(join(bench.workspace, 'ready'));
    abort.abort();

    expect(await ended).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
    const pids = (await contentOf(join(bench.workspace, 'pids'))).split('\n').map(Number);
    expect(pids.length).toBeGreaterThan(3);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('touches no process that it did not start', async () => {
    await using bench = await openAgentBench();
    await using sameName = bystander('sleep', ['1000']);
    await using sameVariable = bystander('sleep', ['1000'], { CW_RUN_ID: 'another run', NOT_CW_RUN_ID: 'x' });
    const agent = await bench.start(profile);
    await endOf(agent.prompt(bench.turn('sleep 1000', { timeoutMs: 50 })));
    await agent.stop();
    expect([sameName.pid, sameVariable.pid].map(isAlive)).toEqual([true, true]);
  });

  it('keeps a flood of output on the disk and its end as the result', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    const before = process.memoryUsage().rss;
    const end = await endOf(agent.prompt(bench.turn('head -c 200000000 /dev/zero | tr "\\0" x; printf end')));
    const grown = process.memoryUsage().rss - before;

    expect(end).toMatchObject({ outcome: 'completed', result: { truncated: true, bytes: 200_000_003 } });
    const text = end.outcome === 'completed' ? end.result.text : '';
    expect(text).toHaveLength(RESULT_TEXT_LIMIT);
    expect(text.endsWith('xxxend')).toBe(true);
    expect(grown).toBeLessThan(50_000_000);
  });

  it('replaces what is no text', async () => {
    await using bench = await openAgentBench();
    const turn = bench.turn("printf 'a\\377\\000b'");
    const end = await endOf((await bench.start(profile)).prompt(turn));
    expect(end).toMatchObject({ outcome: 'completed', result: { text: 'a\uFFFD\0b', bytes: 4 } });
    expect([...(await bench.output(turn))]).toEqual([0x61, 0xff, 0, 0x62]);
  });

  it('begins a shortened result with a whole character', async () => {
    await using bench = await openAgentBench();
    const end = await endOf(
      (await bench.start(profile)).prompt(bench.turn('yes € | tr -d "\\n" | head -c 90000; printf ab')),
    );
    const text = end.outcome === 'completed' ? end.result.text : '';
    expect(text).toBe(`${'€'.repeat(Math.floor((RESULT_TEXT_LIMIT - 2) / 3))}ab`);
  });

  it('says that the workspace is gone, and that another try cannot help', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    await rm(bench.workspace, { recursive: true });
    expect(await endOf(agent.prompt(bench.turn('true')))).toMatchObject({
      outcome: 'failed',
      error: { code: 'usage', message: `The workspace ${bench.workspace} is not there any more.` },
    });
  });

  it('says that a prompt with a NUL character cannot be passed on', async () => {
    await using bench = await openAgentBench();
    const end = await endOf((await bench.start(profile)).prompt(bench.turn('echo \0')));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: { code: 'usage', message: expect.stringContaining('NUL') as string },
    });
  });

  it('says that a prompt is too long for a command line', async () => {
    await using bench = await openAgentBench();
    const end = await endOf((await bench.start(profile)).prompt(bench.turn(`: ${'x'.repeat(200_000)}`)));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: { code: 'usage', message: expect.stringContaining('too long') as string },
    });
  });

  it('gives the agent an environment of its own, marked with the run', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start({ ...profile, env: { SET: 'yes' }, passEnv: ['NODE_OPTIONS'] });
    const end = await endOf(agent.prompt(bench.turn('env')));
    const lines = end.outcome === 'completed' ? end.result.text.trim().split('\n') : [];
    const environment = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s, 2) as [string, string]));

    const { PATH, HOME, LC_ALL, NODE_OPTIONS } = SERVER_ENVIRONMENT;
    expect(environment).toEqual({
      ...{ PATH, HOME, LC_ALL, NODE_OPTIONS, SET: 'yes' },
      CW_RUN_ID: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      PWD: bench.workspace,
    });
  });

  it('ends the running turn when the agent is stopped, once however often it is asked', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    const ended = endOf(agent.prompt(bench.turn('setsid sleep 1000 & echo $$ > pid; sleep 1000')));
    const pid = await pidIn(join(bench.workspace, 'pid'));

    const receipts = await Promise.all([agent.stop(), agent.stop()]);
    expect(receipts[0]).toMatchObject({ left: 0 });
    expect(receipts[0].ended).toBeGreaterThan(1);
    expect(receipts[1]).toEqual(receipts[0]);
    expect(await agent.stop()).toEqual(receipts[0]);
    expect(await ended).toMatchObject({ outcome: 'aborted' });
    expect(isAlive(pid)).toBe(false);
  });

  it('can be stopped while a turn begins', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    const ended = endOf(agent.prompt(bench.turn('sleep 1000')));
    expect(await agent.stop()).toMatchObject({ left: 0 });
    expect(await ended).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
  });

  it('takes no turn after its stop', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    expect(await agent.stop()).toEqual({ ended: 0, left: 0 });
    expect(await endOf(agent.prompt(bench.turn('true')))).toEqual({
      outcome: 'aborted',
      receipt: { ended: 0, left: 0 },
    });
  });

  it('ends the turn when its reader leaves', async () => {
    await using bench = await openAgentBench();
    const agent = await bench.start(profile);
    let pid = 0;
    for await (const update of agent.prompt(bench.turn('sleep 1000'))) {
      if (update.type === 'progress') pid = Number(/\d+/.exec(update.message)?.[0]);
      break;
    }
    expect(pid).toBeGreaterThan(1);
    expect(isAlive(pid)).toBe(false);
    expect(await endOf(agent.prompt(bench.turn('true')))).toMatchObject({ outcome: 'completed' });
  });

  it('does not start an agent that is not wanted any more', async () => {
    await using bench = await openAgentBench();
    const runtime = bench.runtimes[profile.protocol === 'shell' ? 'shell' : 'command'];
    const starting = runtime.start({ agentId: AGENT_ID, profile, runId: 'none', signal: AbortSignal.abort() });
    await expect(starting).rejects.toMatchObject({ name: 'DomainError', code: 'unavailable' });
  });
});
