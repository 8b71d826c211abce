import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../support/agents/bystander.js';
import { adapterOf } from '../../support/agents/structured/adapters.js';
import { allOf, endOf, ofType, openStructuredBench } from '../../support/agents/structured/structured-bench.js';

const MCP = adapterOf('mcp');

describe('the MCP runtime', () => {
  it('gives the prompt to the tool, and tells progress and result', async () => {
    await using bench = await openStructuredBench(MCP);
    const { agent } = await bench.start();
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
    expect(await allOf(agent, agent.prompt(bench.turn(steps)))).toEqual([
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
    await using bench = await openStructuredBench(MCP);
    const { agent, processes } = await bench.start();
    for (const word of ['one', 'two']) {
      expect(endOf(await allOf(agent, agent.prompt(bench.turn(word))))).toMatchObject({
        result: { text: `You said: ${word}` },
      });
    }
    expect(processes()).toHaveLength(1);
    const workspace = join(bench.workspace, 'other');
    await mkdir(workspace);
    expect(endOf(await allOf(agent, agent.prompt(bench.turn('three', { workspace }))))).toMatchObject({
      outcome: 'completed',
    });
    expect(processes()).toHaveLength(2);
    expect(isAlive(processes()[0]?.pid ?? 0)).toBe(false);
  });

  it.each([
    [{ tool: 'none' }, 'has no tool "none", only "ask", "other"; correct agents.scripted.tool'],
    [
      { promptArgument: 'q' },
      'takes no argument "q", only "question", "depth"; correct agents.scripted.promptArgument',
    ],
    [{ promptArgument: 'depth' }, 'takes no text; correct agents.scripted.promptArgument'],
    [{ tool: 'other', promptArgument: 'a' }, 'needs more than a prompt: "b"; name another one in agents.scripted.tool'],
  ])('says what is wrong with a profile: %j', async (wish, message) => {
    await using bench = await openStructuredBench(MCP);
    const { agent } = await bench.start({}, {}, wish);
    expect(endOf(await allOf(agent, agent.prompt(bench.turn('x'))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'usage', message: expect.stringContaining(message) as string },
      receipt: { left: 0 },
    });
  });

  it('fails a turn whose tool failed, by its words, and one that is refused', async () => {
    await using bench = await openStructuredBench(MCP);
    const { agent, processes } = await bench.start();
    const isError = { content: [{ type: 'text', text: 'no such thing' }], isError: true };
    expect(endOf(await allOf(agent, agent.prompt(bench.turn([{ result: isError }]))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: 'no such thing' },
    });
    const refuse = { code: -32_602, message: 'bad question' };
    expect(endOf(await allOf(agent, agent.prompt(bench.turn([{ refuse }]))))).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('bad question') as string },
    });
    expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
    expect(processes()).toHaveLength(1);
  });

  it('tells a server that its call is cancelled', async () => {
    await using bench = await openStructuredBench(MCP);
    const log = join(bench.workspace, 'log');
    const { agent } = await bench.start({ log });
    const abort = new AbortController();
    const turn = bench.turn([{ say: 'x' }, { hang: true }], { signal: abort.signal });
    await allOf(agent, agent.prompt(turn), ({ type }) => type === 'text' && abort.abort());
    expect(await readFile(log, 'utf8')).toContain('notifications/cancelled');
  });

  it('tells a flood whole to a slow reader', async () => {
    await using bench = await openStructuredBench(MCP);
    const { agent } = await bench.start();
    const updates = await allOf(agent, agent.prompt(bench.turn([{ flood: 3_000 }])), async (update) => {
      if (update.type === 'text' && update.text.endsWith('00\n')) await new Promise((resolve) => setImmediate(resolve));
    });
    expect(ofType(updates, 'text').slice(0, 3_000)).toEqual(
      Array.from({ length: 3_000 }, (_, line) => ({ type: 'text', text: `${String(line)}\n` })),
    );
    expect(endOf(updates)).toMatchObject({ outcome: 'completed' });
  });
});
