import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentUpdate } from '../../../../src/application/ports/agent-update.js';
import { readApproval } from '../../../../src/infrastructure/agents/codex/approvals.js';
import { createRateLimits } from '../../../../src/infrastructure/agents/codex/rate-limits.js';
import { readReceived } from '../../../../src/infrastructure/agents/codex/received.js';
import { createTurnReader } from '../../../../src/infrastructure/agents/codex/turn-reader.js';
import { KIT_FIXTURES, needsKit } from '../../../support/kit.js';

const RECORDING = join(KIT_FIXTURES, 'codex-0.169.0', 'app-server.wire.jsonl');
const THREAD = '01a1f84d-646a-7d21-a62e-dfb98b0ba82d';

interface Line {
  readonly dir: string;
  readonly msg: {
    readonly method?: string;
    readonly id?: number;
    readonly result?: { readonly turn?: { readonly id: string } };
  };
}

function recorded(): readonly Line[] {
  return readFileSync(RECORDING, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** What is told of the turn that this request of the recording begins. */
function turnOf(request: number): { updates: AgentUpdate[]; outcome: unknown; answer: string } {
  const reader = createTurnReader(THREAD, 'fake-model', createRateLimits());
  const updates: AgentUpdate[] = [];
  let isBegun = false;
  for (const { dir, msg } of recorded()) {
    if (dir === 'to_codex' && msg.id === request) isBegun = true;
    if (dir !== 'from_codex' || !isBegun || reader.outcome !== null) continue;
    const received = readReceived(msg);
    if (received.kind === 'response' && received.id === request) reader.begun(msg.result?.turn?.id ?? '');
    if (received.kind === 'notification') updates.push(...reader.take(received.method, received.params));
  }
  return { updates, outcome: reader.outcome, answer: reader.answer };
}

describe('the recorded traffic of Codex 0.169', () => {
  beforeEach(({ skip }) => needsKit(skip));

  it('holds nothing that is not known', () => {
    const kinds = recorded()
      .filter(({ dir }) => dir === 'from_codex')
      .map(({ msg }) => readReceived(msg));
    expect(kinds.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
    const all = [3, 4, 5, 7].flatMap((request) => turnOf(request).updates);
    // Asked for and told by what the agent does with requests, not by the reader of a turn.
    const unknown = all.flatMap((update) => (update.type === 'unknown' ? [update.kind] : []));
    expect(new Set(unknown)).toEqual(new Set(['serverRequest/resolved']));
  });

  it('tells a turn with thoughts, words, commands and a tool of an MCP server', () => {
    const { updates, outcome, answer } = turnOf(3);
    expect(updates.filter(({ type }) => type !== 'usage' && type !== 'unknown')).toEqual([
      { type: 'thought', text: 'planning' },
      { type: 'text', text: 'I will write a file.' },
      {
        type: 'tool_call',
        toolUseId: 'call_fake000005',
        name: 'Bash',
        title: "cat > '$WORK/acp.txt' <<'__EOF' line one __EOF",
        input: { command: "cat > '$WORK/acp.txt' <<'__EOF'\nline one\n\n__EOF" },
        subagent: null,
      },
      { type: 'tool_result', toolUseId: 'call_fake000005', outcome: 'done', output: '', diffs: [] },
      { type: 'text', text: 'Now a command.' },
      expect.objectContaining({
        toolUseId: 'call_fake000010',
        input: { command: 'echo hello-from-tool > made-by-shell.txt; cat made-by-shell.txt' },
      }),
      { type: 'tool_result', toolUseId: 'call_fake000010', outcome: 'done', output: 'hello-from-tool\n', diffs: [] },
      {
        type: 'tool_call',
        toolUseId: 'call_fake000014',
        name: 'mcp__probe__ping',
        title: 'probe: ping',
        input: { text: 'acp-mcp' },
        subagent: null,
      },
      { type: 'tool_result', toolUseId: 'call_fake000014', outcome: 'done', output: 'pong:acp-mcp', diffs: [] },
      ...['All done: Wall time: 0.0', '058 seconds\nOutput:\npong', ':acp-mcp'].map((text) => ({ type: 'text', text })),
    ]);
    expect(updates.filter(({ type }) => type === 'usage').at(-1)).toEqual({
      type: 'usage',
      usage: { inputTokens: 400, outputTokens: 80, cachedTokens: 0, costUsd: null, model: 'fake-model' },
    });
    expect(outcome).toEqual({ how: 'completed' });
    expect(answer).toBe('All done: Wall time: 0.0058 seconds\nOutput:\npong:acp-mcp');
  });

  it('tells a command that was not allowed as one that failed', () => {
    const { updates, outcome } = turnOf(4);
    expect(updates.find(({ type }) => type === 'tool_result')).toEqual({
      type: 'tool_result',
      toolUseId: 'call_fake000021',
      outcome: 'failed',
      output: 'It was not allowed.',
      diffs: [],
    });
    expect(outcome).toEqual({ how: 'completed' });
  });

  it('tells a turn that was interrupted', () => {
    expect(turnOf(5)).toMatchObject({ outcome: { how: 'interrupted' }, answer: '' });
  });

  it('asks leave for the command as the model wrote it', () => {
    const asked = recorded().flatMap(({ dir, msg }) => {
      const received = readReceived(msg);
      if (dir !== 'from_codex' || received.kind !== 'request') return [];
      const approval = readApproval(received.method, received.params, () => undefined);
      return approval === null ? [null] : [approval];
    });
    expect(asked.map((approval) => approval?.request.title)).toEqual([
      "cat > '$WORK/acp.txt' <<'__EOF' line one __EOF (scripted escalation)",
      'echo hello-from-tool > made-by-shell.txt; cat made-by-shell.txt (scripted escalation)',
      'touch denied-by-client.txt (scripted escalation)',
    ]);
    expect(asked[0]?.answer({ behavior: 'allow', always: false })).toEqual({ decision: 'accept' });
    expect(asked[0]?.answer({ behavior: 'allow', always: true })).toEqual({ decision: 'acceptForSession' });
    expect(asked[0]?.answer({ behavior: 'deny', message: 'no' })).toEqual({ decision: 'decline' });
  });
});
