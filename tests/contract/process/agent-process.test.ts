import { randomUUID } from 'node:crypto';
import { readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  type AgentProcess,
  type AgentProcessRequest,
  MAX_LINE_BYTES,
  MAX_MESSAGE_TEXT,
  type OutputMessage,
} from '../../../src/application/ports/agent-process.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { isAlive } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentProcesses } from '../../support/agents/test-agent-processes.js';

const AGENT_ID = encodeId('agent', 7);
const NEVER = new AbortController().signal;

interface Bench extends AsyncDisposable {
  readonly path: string;
  start(change: Partial<AgentProcessRequest>): Promise<AgentProcess>;
  /** Runs this script of /bin/sh. */
  sh(script: string, change?: Partial<AgentProcessRequest>): Promise<AgentProcess>;
  /** Runs this program of Node. */
  node(program: string): Promise<AgentProcess>;
}

async function openBench(): Promise<Bench> {
  const directory = await temporaryDirectory();
  const processes = testAgentProcesses(join(directory.path, 'agents'));
  const running: AgentProcess[] = [];
  let number = 0;
  const bench: Bench = {
    path: directory.path,
    async start(change) {
      number += 1;
      const runId = randomUUID();
      const agent = await processes.start({
        agentId: AGENT_ID,
        number,
        program: '/bin/sh',
        args: [],
        cwd: directory.path,
        runId,
        ...change,
      });
      running.push(agent);
      return agent;
    },
    sh: (script, change) => bench.start({ args: ['-c', script], ...change }),
    node: (program) => bench.start({ program: process.execPath, args: ['--input-type=module', '-e', program] }),
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((agent) => agent.stop()));
      await directory[Symbol.asyncDispose]();
    },
  };
  return bench;
}

async function all(messages: AsyncIterable<OutputMessage>): Promise<OutputMessage[]> {
  const list: OutputMessage[] = [];
  for await (const message of messages) list.push(message);
  return list;
}

it('tells each line as a message with the byte after it, whatever the line holds', async () => {
  await using bench = await openBench();
  const agent = await bench.sh(`printf '{"a":1}\\nno json\\n\\n"\\303\\244"\\n[2'`);
  expect(await all(agent.messages(0, NEVER))).toEqual([
    { message: { a: 1 }, end: 8 },
    { message: undefined, end: 16 },
    { message: undefined, end: 17 },
    { message: 'ä', end: 22 },
    { message: undefined, end: 24 },
  ]);
  expect(await agent.ended).toEqual({ how: 'exited', exitCode: 0, receipt: { ended: 0, left: 0 } });
  expect(await agent.size()).toBe(24);
  expect(await all(agent.messages(17, NEVER))).toHaveLength(2);
});

it('answers what it is sent, line by line, as it comes', async () => {
  await using bench = await openBench();
  const agent = await bench.sh('exec cat');
  const replies = agent.messages(0, NEVER)[Symbol.asyncIterator]();
  for (const n of [1, 2, 3]) {
    await agent.send(JSON.stringify({ n }));
    expect((await replies.next()).value).toMatchObject({ message: { n } });
  }
  await agent.closeInput();
  expect(await replies.next()).toEqual({ done: true, value: undefined });
  expect(await agent.ended).toMatchObject({ how: 'exited', exitCode: 0 });
  await agent.closeInput();
  await expect(agent.send('{}')).rejects.toMatchObject({ code: 'unavailable' });
});

it('reads lines of any length to 64 MB, cuts their texts, and passes over a longer one', async () => {
  await using bench = await openBench();
  const long = MAX_MESSAGE_TEXT + 1_000;
  const agent = await bench.node(`
    const write = (text) => new Promise((resolve) => process.stdout.write(text, resolve));
    for (const length of [1_000, 131_072, 131_073, 400_000, ${String(long)}])
      await write(JSON.stringify({ length, text: 'ä'.repeat(length) }) + '\\n');
    await write(JSON.stringify({ name: 'max', text: '' }).replace('""', () => '"' + 'x'.repeat(${String(MAX_LINE_BYTES - 24)}) + '"') + '\\n');
    await write('"' + 'x'.repeat(${String(MAX_LINE_BYTES)}) + '"\\n{"last":true}\\n');
  `);
  const told = await all(agent.messages(0, NEVER));
  const lengths = told.map(({ message }) => (message as { text?: string } | undefined)?.text?.length ?? message);
  expect(lengths).toEqual([
    1_000,
    131_072,
    131_073,
    400_000,
    expect.closeTo(MAX_MESSAGE_TEXT, -2),
    expect.closeTo(MAX_MESSAGE_TEXT, -2),
    undefined,
    { last: true },
  ]);
  expect(told.at(-1)?.end).toBe(await agent.size());
}, 30_000);

it('keeps the order and every byte of a fast writer, for two readers that begin at different times', async () => {
  await using bench = await openBench();
  const lines = 60_000;
  const agent = await bench.node(`
    const pad = 'y'.repeat(100);
    for (let n = 0; n < ${String(lines)}; n += 1) {
      const line = JSON.stringify({ n, pad }) + '\\n';
      if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
  `);
  const first = all(agent.messages(0, NEVER));
  await agent.ended;
  const told = await Promise.all([first, all(agent.messages(0, NEVER))]);
  for (const messages of told) {
    expect(messages.length).toBe(lines);
    expect(messages.every(({ message }, n) => (message as { n: number }).n === n)).toBe(true);
  }
});

it('ends a reading that is called off, also between two words', async () => {
  await using bench = await openBench();
  const agent = await bench.sh('echo 1; exec sleep 1000');
  const abort = new AbortController();
  const readings = [1, 2].map(() => agent.messages(0, abort.signal)[Symbol.asyncIterator]());
  for (const replies of readings) expect((await replies.next()).value).toEqual({ message: 1, end: 2 });
  const waiting = readings.map((replies) => replies.next());
  abort.abort();
  for (const next of waiting) expect((await next).done).toBe(true);
  expect(await all(agent.messages(0, abort.signal))).toEqual([]);
});

it('ends the program with all that it started, and says how many', async () => {
  await using bench = await openBench();
  const pidFile = join(bench.path, 'pid');
  const agent = await bench.sh(
    `trap '' TERM; setsid sh -c 'echo $$ > ${pidFile}; exec sleep 1000' & echo 1; wait; wait`,
  );
  const left = await pidIn(pidFile);
  const [receipt, same] = await Promise.all([agent.stop(), agent.stop()]);
  expect(receipt.left).toBe(0);
  expect(receipt.ended).toBeGreaterThanOrEqual(2);
  expect(same).toEqual(receipt);
  expect(await agent.ended).toEqual({ how: 'aborted', receipt });
  expect([isAlive(agent.pid), isAlive(left)]).toEqual([false, false]);
  await expect(agent.send('{}')).rejects.toMatchObject({ code: 'unavailable' });
});

it('sweeps what a program left behind that ended by itself', async () => {
  await using bench = await openBench();
  const pidFile = join(bench.path, 'pid');
  const agent = await bench.sh(
    `setsid sh -c 'echo $$ > ${pidFile}; exec sleep 1000' & until [ -s ${pidFile} ]; do sleep 0.01; done; kill -9 $$`,
  );
  expect(await agent.ended).toEqual({ how: 'killed', signal: 'SIGKILL', receipt: { ended: 1, left: 0 } });
  expect(isAlive(await pidIn(pidFile))).toBe(false);
});

it('keeps what it writes for its owner alone, and gives its last words', async () => {
  await using bench = await openBench();
  const agent = await bench.sh('echo {}; echo "something broke" >&2; echo "ä" >&2; exit 3');
  expect(await agent.ended).toMatchObject({ how: 'exited', exitCode: 3 });
  expect(await agent.errorTail()).toBe('something broke\nä');
  const directory = join(bench.path, 'agents', AGENT_ID);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  for (const name of ['1.out', '1.err']) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
});

it('gives the program its workspace, its run and what the profile sets, and no more of its own environment', async () => {
  await using bench = await openBench();
  const file = join(bench.path, 'environment');
  const agent = await bench.sh(`pwd -P > place; env > ${file}`, {
    env: { NAME: 'value' },
    runId: 'run-of-the-test',
    tokenFile: '/the/token',
  });
  await agent.ended;
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining(['NAME=value', 'CW_RUN_ID=run-of-the-test', 'CW_TOKEN_FILE=/the/token']),
  );
  expect(lines.filter((line) => /^(NODE_|VITEST|CW_HOME)/.test(line))).toEqual([]);
  expect(await readFile(join(bench.path, 'place'), 'utf8')).toBe(`${await realpath(bench.path)}\n`);
});

it('says in one sentence why a program cannot be started', async () => {
  await using bench = await openBench();
  const noProgram = join(bench.path, 'not-executable');
  await writeFile(noProgram, '');
  await expect(bench.start({ program: '/nonexistent' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/^\/nonexistent cannot be started: the file/) as string,
  });
  await expect(bench.start({ program: noProgram })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(bench.start({ cwd: '/nonexistent' })).rejects.toThrow(
    'The workspace /nonexistent is not there any more.',
  );
});

it('tells whether anything of its run lives that did not when it settled', async () => {
  await using bench = await openBench();
  const tool = join(bench.path, 'tool');
  // A helper of its own is there before; a line asks for a tool in a session of its own.
  const script = `sleep 1000 & echo ready; read line; setsid sh -c 'echo $$ > ${tool}; exec sleep 1000' & wait`;
  const agent = await bench.sh(script);
  await agent.messages(0, NEVER)[Symbol.asyncIterator]().next();
  expect(await agent.hasGrown()).toBe(true);
  await agent.settle();
  expect(await agent.hasGrown()).toBe(false);
  await agent.send('go');
  const pid = await pidIn(tool);
  expect(await agent.hasGrown()).toBe(true);
  process.kill(pid);
  await expect.poll(() => agent.hasGrown()).toBe(false);
  expect(await agent.stop()).toMatchObject({ left: 0 });
});
