import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentProcess, AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { AgentRuntime } from '../../../src/application/ports/agent-runtime.js';
import type { ProfileSettings } from '../../../src/domain/agent/agent-profile.js';
import { createAcpRuntime } from '../../../src/infrastructure/agents/acp/acp-runtime.js';
import { createClaudeRuntime } from '../../../src/infrastructure/agents/claude/claude-runtime.js';
import { createCodexRuntime } from '../../../src/infrastructure/agents/codex/codex-runtime.js';
import { createMcpRuntime } from '../../../src/infrastructure/agents/mcp/mcp-runtime.js';
import { createFindProgram } from '../../../src/infrastructure/filesystem/find-program.js';
import { clock } from '../../../src/infrastructure/system/clock.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { AGENT_ID } from '../../support/agents/agent-bench.js';
import { isAlive } from '../../support/agents/bystander.js';
import { scriptedProgram } from '../../support/agents/scripted-program.js';
import { temporaryDirectory } from '../../support/agents/temporary-directory.js';
import { testAgentProcesses } from '../../support/agents/test-agent-processes.js';

const PATH = '/usr/bin:/bin';
const command = process.execPath;
/** Long enough for every program of these tests to start, on a machine that may be busy. In milliseconds. */
const PATIENT_MS = 20_000;
/** For one that will not answer anyway. In milliseconds. */
const SHORT_MS = 300;

type Runtimes = Record<'claude' | 'codex' | 'acp' | 'mcp', AgentRuntime>;

let programs: Record<'claude' | 'codex' | 'mcp', string>;
beforeAll(async () => {
  const directory = await temporaryDirectory();
  const [claude, codex, mcp] = await Promise.all(
    ['claude-with-model', 'codex-agent', 'mcp-server'].map((name) => scriptedProgram(name, directory.path)),
  );
  programs = { claude: claude ?? '', codex: codex ?? '', mcp: mcp ?? '' };
  return () => directory[Symbol.asyncDispose]();
});

async function openBench() {
  const directory = await temporaryDirectory();
  const workspace = join(directory.path, 'workspace');
  await mkdir(workspace);
  const real = testAgentProcesses(join(directory.path, 'agents'));
  const started: AgentProcess[] = [];
  const processes: AgentProcesses = {
    ...real,
    async start(request) {
      const process = await real.start(request);
      started.push(process);
      return process;
    },
  };
  const needs = { processes, agentProcesses: processes, findProgram: createFindProgram({ path: PATH }), timer, clock };
  const runtimes: Runtimes = {
    claude: createClaudeRuntime(needs),
    codex: createCodexRuntime({ ...needs, version: '0' }),
    acp: createAcpRuntime({ ...needs, version: '0' }),
    mcp: createMcpRuntime({ ...needs, version: '0' }),
  };
  return {
    /** Greets an agent, of which nothing may be left then. */
    async check(settings: Extract<ProfileSettings, { protocol: keyof Runtimes }>, timeoutMs = PATIENT_MS) {
      const { signal } = new AbortController();
      const profile = { ...settings, name: 'it' };
      const request = { agentId: AGENT_ID, profile, runId: randomUUID(), signal, workspace, timeoutMs };
      const said = await runtimes[settings.protocol].check?.(request);
      expect(said?.receipt.left).toBe(0);
      for (const { pid } of started) expect(isAlive(pid)).toBe(false);
      return said;
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** The profiles of one scripted agent of each protocol: a good one, one that never answers and one that ends instead. */
const AGENTS = {
  claude: (habits: object) => ({
    protocol: 'claude' as const,
    command,
    args: [programs.claude, '--habits', JSON.stringify(habits)],
  }),
  codex: (habits: object) => ({
    protocol: 'codex' as const,
    command,
    args: [programs.codex, '--habits', JSON.stringify(habits)],
  }),
  acp: (habits: object) => ({
    protocol: 'acp' as const,
    command,
    args: [resolve('tests/support/agents/scripted/acp-agent.mjs'), JSON.stringify({ turns: [], ...habits })],
  }),
  mcp: (habits: object) => ({
    ...{ protocol: 'mcp' as const, command, tool: 'ask', promptArgument: 'question' },
    args: [programs.mcp, '--habits', JSON.stringify(habits)],
  }),
};
const CASES = [
  { protocol: 'claude', mute: { mute: true }, dying: { broken: true }, version: null },
  { protocol: 'codex', mute: { mute: true }, dying: { dieAt: 1 }, version: '1.2.3' },
  { protocol: 'acp', mute: { silentAt: 'initialize' }, dying: { dieAt: 'initialize' }, version: '1.2.3' },
  { protocol: 'mcp', mute: { mute: true }, dying: { dieAt: 1 }, version: '1' },
] as const;

describe.each(CASES)('greeting an agent of the protocol $protocol', ({ protocol, mute, dying, version }) => {
  it('hears whether it answers, and its version, and leaves nothing', async () => {
    await using bench = await openBench();
    expect(await bench.check(AGENTS[protocol]({}))).toMatchObject({ version, problem: null });
  });

  it('gives up on one that does not answer', async () => {
    await using bench = await openBench();
    const said = await bench.check(AGENTS[protocol](mute), SHORT_MS);
    expect(said?.problem).toBe('it did not answer its greeting within 0.3 s. See whether it starts in a terminal.');
  });

  it('says how one ended that does not answer', async () => {
    await using bench = await openBench();
    const said = await bench.check(AGENTS[protocol](dying));
    expect(said?.problem).toMatch(/^it ended with code \d+ instead of answering its greeting\./);
  });

  it('says that a program is not there', async () => {
    await using bench = await openBench();
    const said = await bench.check({ ...AGENTS[protocol]({}), command: 'no-such-program' });
    expect(said?.problem).toContain('its program no-such-program was not found');
  });
});

it('refuses an agent that speaks another version of the Agent Client Protocol', async () => {
  await using bench = await openBench();
  expect((await bench.check(AGENTS.acp({ version: 99 })))?.problem).toMatch(/speaks version 99/);
});

it('refuses an MCP server without the tool', async () => {
  await using bench = await openBench();
  const said = await bench.check({ ...AGENTS.mcp({}), tool: 'sing' });
  expect(said?.problem).toMatch(/has no tool "sing", only "ask", "other"/);
});

it('repeats the last words of one that ended', async () => {
  await using bench = await openBench();
  expect((await bench.check(AGENTS.claude({ broken: true })))?.problem).toContain('its heart is broken');
});
