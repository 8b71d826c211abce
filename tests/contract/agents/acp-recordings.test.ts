import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { conversation, ofType, openAcpBench, readTurn } from '../../support/agents/acp-bench.js';
import { KIT_FIXTURES, needsKit } from '../../support/kit.js';

const REPLAY = fileURLToPath(new URL('../../support/agents/scripted/acp-replay.mjs', import.meta.url));
const NOTHING = { ended: 0, left: 0 };

/** What each recorded agent is known to tell. */
const RECORDINGS = [
  {
    file: 'gemini-cli-0.61.0',
    version: '0.61.0',
    tools: ['write_file', 'run_shell_command', 'mcp_probe_ping'],
    usage: { inputTokens: 400, outputTokens: 80, costUsd: null },
    final: '"output"',
    results: ['', '', 'pong:acp-mcp'],
  },
  {
    file: 'opencode-1.18.33',
    version: '1.18.33',
    tools: ['write', 'bash', 'probe_ping'],
    asks: 2,
    usage: { inputTokens: 100, outputTokens: 20, costUsd: 0 },
    final: 'All done: pong:acp-mcp',
    results: ['Wrote file successfully.', 'hello-from-tool\n', 'pong:acp-mcp'],
    unknown: ['fs/write_text_file'],
  },
  {
    file: 'claude-agent-acp-0.49.0',
    version: '0.49.0',
    tools: ['Write', 'Bash', 'mcp__probe__ping'],
    usage: { inputTokens: 400, outputTokens: 80, costUsd: 0.004 },
    final: 'All done: pong:acp-mcp',
  },
  {
    file: 'claude-agent-acp-0.100.0',
    version: '0.100.0',
    tools: ['Write', 'Bash', 'mcp__probe__ping'],
    usage: { inputTokens: 400, outputTokens: 80, costUsd: 0.004, model: 'claude-opus-5-5' },
    final: 'All done: pong:acp-mcp',
  },
  {
    file: 'codex-acp-0.16.0',
    version: '0.16.0',
    tools: ['execute', 'execute', 'probe/ping'],
    asks: 2,
    usage: null,
    final: 'All done: Wall time',
    denialEnds: true,
  },
] as const;

interface Asked {
  readonly allow?: boolean;
  readonly cutAt?: string;
}

async function openRecording(file: string) {
  const bench = await openAcpBench();
  const agent = await bench.start([REPLAY, join(KIT_FIXTURES, 'acp', `${file}.wire.jsonl`)]);
  let providerSessionId: string | null = null;
  return {
    async say(prompt: string, { allow = true, cutAt }: Asked = {}): Promise<AgentUpdate[]> {
      const abort = new AbortController();
      const about = { signal: abort.signal, conversation: conversation(1, { providerSessionId }) };
      return readTurn(agent.prompt(bench.turn(prompt, about)), async (update) => {
        if (update.type === 'session') providerSessionId = update.providerSessionId;
        if (update.type === 'permission') {
          const answer = allow
            ? ({ behavior: 'allow', always: false } as const)
            : ({ behavior: 'deny', message: 'no' } as const);
          await agent.answer?.(update.request.requestId, answer);
        }
        if (cutAt !== undefined && update.type === 'text' && update.text.startsWith(cutAt)) abort.abort();
      });
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

it.for(RECORDINGS)('understands $file: a turn, leave denied, a cut, and a turn after it', async (known, { skip }) => {
  needsKit(skip);
  await using recording = await openRecording(known.file);

  const first = await recording.say('please do the scripted thing');
  expect(first[0]).toMatchObject({ type: 'session', agentVersion: known.version, resumed: false });
  expect(ofType(first, 'tool_call').map(({ name }) => name)).toEqual(known.tools);
  expect(ofType(first, 'permission')).toHaveLength('asks' in known ? known.asks : 3);
  const results = ofType(first, 'tool_result');
  expect(results.map(({ toolUseId }) => toolUseId)).toEqual(
    ofType(first, 'tool_call').map(({ toolUseId }) => toolUseId),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
  if ('results' in known) expect(results.map(({ output }) => output)).toEqual(known.results);
  if (!('denialEnds' in known)) {
    expect(results[0]?.diffs).toEqual([
      { path: '$WORK/acp.txt', before: expect.toBeOneOf([null, '']) as null, after: 'line one\n' },
    ]);
  }
  expect(
    ofType(first, 'thought')
      .map(({ text }) => text)
      .join(''),
  ).toContain('planning');
  expect(ofType(first, 'unknown').map(({ kind }) => kind)).toEqual('unknown' in known ? known.unknown : []);
  const usage = ofType(first, 'usage').at(-1)?.usage;
  if (known.usage === null) expect(usage).toBeUndefined();
  else expect(usage).toMatchObject(known.usage);
  expect(first.at(-1)).toMatchObject({
    type: 'turn_end',
    end: { outcome: 'completed', receipt: NOTHING, result: { text: expect.stringContaining(known.final) as string } },
  });

  const denied = await recording.say('DENY this', { allow: false });
  expect(denied[0]).toMatchObject({ type: 'session', resumed: true });
  expect(ofType(denied, 'tool_call')).toHaveLength(1);
  expect(ofType(denied, 'tool_result')).toMatchObject([{ outcome: 'failed', diffs: [] }]);
  expect(denied.at(-1)).toMatchObject(
    'denialEnds' in known
      ? { end: { outcome: 'failed', error: { code: 'usage', message: expect.stringContaining('denied') as string } } }
      : { end: { outcome: 'completed' } },
  );
  if (known.usage !== null) {
    const total = ofType(denied, 'usage').at(-1)?.usage.inputTokens ?? 0;
    expect(total).toBeGreaterThan(known.usage.inputTokens);
  }

  const cut = await recording.say('this one hangs', { cutAt: 'HANGING' });
  expect(cut.at(-1)).toEqual({ type: 'turn_end', end: { outcome: 'aborted', receipt: NOTHING } });

  const after = await recording.say('again please');
  expect(after.at(-1)).toMatchObject({
    end: { outcome: 'completed', result: { text: expect.stringContaining('After cancel ok.') as string } },
  });
});

it("understands the SDK's example agent, which cannot take a conversation up", async ({ skip }) => {
  needsKit(skip);
  await using recording = await openRecording('sdk-example-agent-0.28.1');
  const first = await recording.say('please do the scripted thing');
  expect(ofType(first, 'tool_result').map(({ output }) => output)).toEqual([
    '# My Project\n\nThis is a sample project...',
    'Configuration updated',
  ]);
  expect(first.at(-1)).toMatchObject({
    end: { outcome: 'completed', result: { text: expect.stringContaining('Perfect!') as string } },
  });
  const denied = await recording.say('DENY this', { allow: false });
  expect(denied.at(-1)).toMatchObject({
    end: { outcome: 'completed', result: { text: expect.stringContaining("I'll skip") as string } },
  });
});
