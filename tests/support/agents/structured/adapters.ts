import { fileURLToPath } from 'node:url';
import type { AgentProcesses } from '../../../../src/application/ports/agent-process.js';
import type { AgentRuntime } from '../../../../src/application/ports/agent-runtime.js';
import type { AgentProfile, Protocol } from '../../../../src/domain/agent/agent-profile.js';
import { createAcpRuntime } from '../../../../src/infrastructure/agents/acp/acp-runtime.js';
import { ACP_LIMITS } from '../../../../src/infrastructure/agents/acp/limits.js';
import { createClaudeRuntime } from '../../../../src/infrastructure/agents/claude/claude-runtime.js';
import { CLAUDE_LIMITS } from '../../../../src/infrastructure/agents/claude/limits.js';
import { CODEX_BOUNDS } from '../../../../src/infrastructure/agents/codex/bounds.js';
import { createCodexRuntime } from '../../../../src/infrastructure/agents/codex/codex-runtime.js';
import { MCP_BOUNDS } from '../../../../src/infrastructure/agents/mcp/bounds.js';
import { createMcpRuntime } from '../../../../src/infrastructure/agents/mcp/mcp-runtime.js';
import { createFindProgram } from '../../../../src/infrastructure/filesystem/find-program.js';
import { clock } from '../../../../src/infrastructure/system/clock.js';
import { timer } from '../../../../src/infrastructure/system/timer.js';
import { scriptedProgram } from '../scripted-program.js';

/** What an adapter can do because its protocol can. */
export type Capability =
  | 'a conversation'
  | 'leave'
  | 'steering'
  | 'a takeover'
  | 'a warm process after an interrupt'
  | 'faults by their kind'
  | 'thoughts and tools'
  | 'a version that is refused';

/** How long a scripted agent is waited for, in milliseconds; the adapter's own limits where left out. */
export interface Patience {
  /** From its start until it is ready. */
  readonly openMs?: number;
  /** From an interrupt until it is stopped. */
  readonly cutMs?: number;
}

/** One adapter of a protocol with messages, and the program that plays its agent. */
export interface StructuredAdapter {
  readonly protocol: Extract<Protocol, 'claude' | 'acp' | 'codex' | 'mcp'>;
  /** What its protocol has no way for, and why. */
  readonly lacks: Readonly<Partial<Record<Capability, string>>>;
  /** Writes the program into this directory where it has to be built, and says where it is. */
  program(directory: string): Promise<string>;
  runtime(agentProcesses: AgentProcesses, patience: Patience): AgentRuntime;
}

/** Which tool of a server is called. */
export interface ToolSettings {
  readonly tool: string;
  readonly promptArgument: string;
}

const findProgram = createFindProgram({ path: '/usr/bin:/bin' });
const needs = { timer, clock, findProgram, version: '0.0.0' };
const ANY_VERSION = 'it agrees on no version: what a later one adds is passed over';

export const ADAPTERS: readonly StructuredAdapter[] = [
  {
    protocol: 'claude',
    lacks: { 'a version that is refused': ANY_VERSION },
    program: (directory) => scriptedProgram('claude-agent', directory),
    runtime: (agentProcesses, { openMs = CLAUDE_LIMITS.openMs, cutMs = CLAUDE_LIMITS.interruptMs }) =>
      createClaudeRuntime({ ...needs, agentProcesses, limits: { openMs, interruptMs: cutMs, settleMs: 100 } }),
  },
  {
    protocol: 'acp',
    lacks: { steering: 'it takes one prompt at a time' },
    program: () => Promise.resolve(fileURLToPath(new URL('../scripted/acp-agent.mjs', import.meta.url))),
    runtime: (agentProcesses, { openMs = ACP_LIMITS.openMs, cutMs = ACP_LIMITS.cancelMs }) =>
      createAcpRuntime({ ...needs, agentProcesses, limits: { ...ACP_LIMITS, openMs, cancelMs: cutMs } }),
  },
  {
    protocol: 'codex',
    lacks: { 'a version that is refused': ANY_VERSION },
    program: (directory) => scriptedProgram('codex-agent', directory),
    runtime: (processes, { openMs = CODEX_BOUNDS.answerMs, cutMs = CODEX_BOUNDS.interruptMs }) =>
      createCodexRuntime({ ...needs, processes, bounds: { answerMs: openMs, interruptMs: cutMs, endMs: 200 } }),
  },
  {
    protocol: 'mcp',
    lacks: {
      'a conversation': 'each call stands for itself',
      leave: 'a server asks for none',
      steering: 'a call takes its arguments once',
      'a takeover': 'a call cannot be told apart from one that was never sent',
      'a warm process after an interrupt': 'a server does not say when a cancelled call has ended',
      'faults by their kind': 'a failed call has words and no kind',
      'thoughts and tools': 'a server tells progress only',
    },
    program: (directory) => scriptedProgram('mcp-server', directory),
    runtime: (processes, { openMs = MCP_BOUNDS.answerMs, cutMs = 300 }) =>
      createMcpRuntime({ ...needs, processes, bounds: { answerMs: openMs, cancelMs: cutMs } }),
  },
];

export function adapterOf(protocol: StructuredAdapter['protocol']): StructuredAdapter {
  const adapter = ADAPTERS.find((one) => one.protocol === protocol);
  if (adapter === undefined) throw new Error(`There is no adapter for ${protocol}.`);
  return adapter;
}

/** A profile that runs this program by this adapter. `tool` is what of it only an MCP server has. */
export function scriptedProfile(
  { protocol }: StructuredAdapter,
  args: readonly string[],
  tool: Partial<ToolSettings>,
): AgentProfile {
  const program = { name: 'scripted', command: process.execPath, args: [...args] };
  if (protocol === 'mcp') return { ...program, protocol, ...{ tool: 'ask', promptArgument: 'question' }, ...tool };
  return { ...program, protocol };
}
