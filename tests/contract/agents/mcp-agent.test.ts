import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentProcess } from '../../../src/application/ports/agent-process.js';
import type { RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { MCP_BOUNDS, type McpBounds } from '../../../src/infrastructure/agents/mcp/bounds.js';
import { createMcpRuntime } from '../../../src/infrastructure/agents/mcp/mcp-runtime.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { AGENT_ID } from '../../support/agents/agent-bench.js';
import { isAlive } from '../../support/agents/bystander.js';
import { updatesOf } from '../../support/agents/codex-bench.js';
import { pidIn } from '../../support/agents/content-of.js';
import { scriptedProgram } from '../../support/agents/scripted-program.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentProcesses } from '../../support/agents/test-agent-processes.js';

interface Wish {
  readonly habits?: object;
  readonly tool?: string;
  readonly promptArgument?: string;
  readonly bounds?: Partial<McpBounds>;
}

async function openBench() {
  const directory = await temporaryDirectory();
  const workspace = join(directory.path, 'workspace');
  await mkdir(workspace);
  const scripted = await scriptedProgram('mcp-server', directory.path);
  const running: AgentProcess[] = [];
  const real = testAgentProcesses(join(directory.path, 'agents'));
  const processes = {
    ...real,
    async start(request: Parameters<typeof real.start>[0]) {
      const process = await real.start(request);
      running.push(process);
      return process;
    },
  };
  return {
    workspace,
    running,
    start({ habits = {}, tool = 'ask', promptArgument = 'question', bounds = {} }: Wish = {}): Promise<RunningAgent> {
      const findProgram = createFindProgram({ path: '/usr/bin:/bin' });
      const needs = {
        processes,
        timer,
        findProgram,
        version: '0',
        bounds: { ...MCP_BOUNDS, cancelMs: 300, ...bounds },
      };
      const args = [scripted, '--habits', JSON.stringify(habits)];
      const profile = {
        name: 'oracle',
        protocol: 'mcp',
        command: process.execPath,
        args,
        tool,
        promptArgument,
      } as const;
      const { signal } = new AbortController();
      return createMcpRuntime(needs).start({ agentId: AGENT_ID, profile, runId: randomUUID(), signal });
    },
    turn(question: string | readonly object[], change: Partial<Turn> = {}): Turn {
      const prompt = typeof question === 'string' ? question : JSON.stringify(question);
      const conversation = {
        sessionId: 'session_1' as never,
        providerSessionId: null,
        handOver: () => Promise.resolve(''),
      };
      const { signal } = new AbortController();
      return { prompt, workspace, attempt: 'task_1-1', timeoutMs: 60_000, conversation, signal, ...change };
    },
    async [Symbol.asyncDispose]() {
      for (const process of running) await process.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function endOf(updates: readonly AgentUpdate[]) {
  expect(updates.filter(({ type }) => type === 'turn_end')).toHaveLength(1);
  const last = updates.at(-1);
  return last?.type === 'turn_end' ? last.end : undefined;
}

describe('the MCP runtime', () => {
  it('gives the prompt to the tool, and tells progress and result', async () => {
    await using bench = await openBench();
    const agent = await bench.start();
    const content = [
      { type: 'text', text: 'One.' },
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
    ];
    const steps = [
      { progress: { progress: 1, total: 4, message: 'reading' } },
      { progress: { progress: 2, total: 4 } },
      { tell: { method: 'notifications/message', params: { level: 'info', data: 'noted' } } },
      { tell: { method: 'notifications/hologram', params: {} } },
      { line: 'no json' },
      { line: '{"a": 1}' },
      { result: { content, future: true } },
    ];
    expect(await updatesOf(agent.prompt(bench.turn(steps)))).toEqual([
      { type: 'progress', message: 'reading', fraction: 0.25 },
      { type: 'text', text: 'reading\n' },
      { type: 'progress', message: '2 of 4', fraction: 0.5 },
      { type: 'progress', message: 'noted', fraction: null },
      { type: 'unknown', kind: 'notifications/hologram' },
      { type: 'unknown', kind: 'a line that is no JSON' },
      { type: 'unknown', kind: 'a line of another protocol' },
      { type: 'text', text: 'One.\n[image: image/png, 3 bytes]' },
      {
        type: 'turn_end',
        end: {
          outcome: 'completed',
          result: { text: 'One.\n[image: image/png, 3 bytes]', truncated: false, bytes: 32, exitCode: null },
          receipt: { ended: 0, left: 0 },
        },
      },
    ]);
  });

  it('keeps one server for many calls, and starts another one for another directory', async () => {
    await using bench = await openBench();
    const agent = await bench.start();
    for (const word of ['one', 'two']) {
      expect(endOf(await updatesOf(agent.prompt(bench.turn(word))))).toMatchObject({
        result: { text: `You asked: ${word}` },
      });
    }
    expect(bench.running).toHaveLength(1);
    const workspace = join(bench.workspace, 'other');
    await mkdir(workspace);
    expect(endOf(await updatesOf(agent.prompt(bench.turn('three', { workspace }))))).toMatchObject({
      outcome: 'completed',
    });
    expect(bench.running).toHaveLength(2);
    expect(isAlive(bench.running[0]?.pid ?? 0)).toBe(false);
  });

  it.each([
    [{ tool: 'none' }, 'has no tool "none", only "ask", "other"; correct agents.oracle.tool'],
    [{ promptArgument: 'q' }, 'takes no argument "q", only "question", "depth"; correct agents.oracle.promptArgument'],
    [{ promptArgument: 'depth' }, 'takes no text; correct agents.oracle.promptArgument'],
    [{ tool: 'other', promptArgument: 'a' }, 'needs more than a prompt: "b"; name another one in agents.oracle.tool'],
  ])('says what is wrong with a profile: %j', async (wish, message) => {
    await using bench = await openBench();
    const agent = await bench.start(wish);
    expect(endOf(await updatesOf(agent.prompt(bench.turn('x'))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'usage', message: expect.stringContaining(message) as string },
      receipt: { left: 0 },
    });
  });

  it('fails a turn whose tool failed, by its words, and one that is refused', async () => {
    await using bench = await openBench();
    const agent = await bench.start();
    const isError = { content: [{ type: 'text', text: 'no such thing' }], isError: true };
    expect(endOf(await updatesOf(agent.prompt(bench.turn([{ result: isError }]))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: 'no such thing' },
    });
    const refuse = { code: -32_602, message: 'bad question' };
    expect(endOf(await updatesOf(agent.prompt(bench.turn([{ refuse }]))))).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('bad question') as string },
    });
    expect(endOf(await updatesOf(agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
    expect(bench.running).toHaveLength(1);
  });

  it('gives up a server that never answers, and one of another protocol', async () => {
    await using bench = await openBench();
    const mute = await bench.start({ habits: { mute: true }, bounds: { answerMs: 200 } });
    expect(endOf(await updatesOf(mute.prompt(bench.turn('x'))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: 'The MCP server did not answer within 1 s.' },
      receipt: { left: 0 },
    });
    const future = await bench.start({ habits: { protocol: '2999-01-01' } });
    expect(endOf(await updatesOf(future.prompt(bench.turn('x'))))).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('2999-01-01') as string },
    });
  });

  it.each([1, 2, 3])('tells a crash before message %i, and starts anew for the next turn', async (dieAt) => {
    await using bench = await openBench();
    const agent = await bench.start({ habits: { dieAt } });
    const crashed = { outcome: 'failed', error: { code: 'crashed' }, exitCode: 3 };
    expect(endOf(await updatesOf(agent.prompt(bench.turn('one'))))).toMatchObject(crashed);
    expect(endOf(await updatesOf(agent.prompt(bench.turn('two'))))).toMatchObject(crashed);
    expect(bench.running).toHaveLength(2);
  });

  it('quotes the last words of one that crashed', async () => {
    await using bench = await openBench();
    const agent = await bench.start();
    expect(endOf(await updatesOf(agent.prompt(bench.turn([{ die: 7 }]))))).toMatchObject({
      error: { code: 'crashed', message: expect.stringMatching(/exited with code 7 .*the last words$/) as string },
    });
  });

  it.each([
    ['obeys', {}],
    ['ignores SIGTERM and the end of its input', { stubborn: true }],
  ])('cancels the call of one that %s, and leaves nothing of it', async (_how, habits) => {
    await using bench = await openBench();
    const log = join(bench.workspace, 'log');
    const agent = await bench.start({ habits: { ...habits, log } });
    const abort = new AbortController();
    const pidFile = join(bench.workspace, 'pid');
    const steps = [{ fork: pidFile }, { hang: true }];
    const turn = updatesOf(agent.prompt(bench.turn(steps, { signal: abort.signal })));
    const pid = await pidIn(pidFile);
    abort.abort();
    expect(endOf(await turn)).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
    expect(isAlive(pid)).toBe(false);
    expect(await readFile(log, 'utf8')).toContain('notifications/cancelled');
    expect(endOf(await updatesOf(agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
  });

  it('ends a turn at its time limit', async () => {
    await using bench = await openBench();
    const agent = await bench.start();
    expect(endOf(await updatesOf(agent.prompt(bench.turn([{ hang: true }], { timeoutMs: 600 }))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'timeout' },
      receipt: { left: 0 },
    });
  });

  it('tells a flood whole to a slow reader', async () => {
    await using bench = await openBench();
    const agent = await bench.start();
    const updates = await updatesOf(agent.prompt(bench.turn([{ flood: 3_000 }])), async (update) => {
      if (update.type === 'text' && update.text.endsWith('00\n')) await new Promise((resolve) => setImmediate(resolve));
    });
    const texts = updates.flatMap((update) => (update.type === 'text' ? [update.text] : []));
    expect(texts.slice(0, 3_000)).toEqual(Array.from({ length: 3_000 }, (_, line) => `line ${String(line + 1)}\n`));
    expect(endOf(updates)).toMatchObject({ outcome: 'completed' });
  });

  it('is stopped with a proof, and takes no turn after it', async () => {
    await using bench = await openBench();
    const agent = await bench.start({ habits: { stubborn: true } });
    const turn = updatesOf(agent.prompt(bench.turn([{ fork: join(bench.workspace, 'pid') }, { hang: true }])));
    const pid = await pidIn(join(bench.workspace, 'pid'));
    const receipts = await Promise.all([agent.stop(), agent.stop()]);
    expect(receipts[0]).toEqual(receipts[1]);
    expect(receipts[0]).toMatchObject({ left: 0 });
    expect(isAlive(pid)).toBe(false);
    expect(endOf(await turn)).toMatchObject({ outcome: 'aborted' });
    expect(endOf(await updatesOf(agent.prompt(bench.turn('no'))))).toMatchObject({ outcome: 'aborted' });
  });
});
