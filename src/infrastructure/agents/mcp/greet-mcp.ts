import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { Greeting } from '../../../application/ports/agent-runtime.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import { type ToolWanted, toolProblem } from './check-tool.js';
import { createMcpConnection } from './connection.js';
import { requestError } from './turn-end.js';

interface Needs {
  readonly wanted: ToolWanted;
  readonly workspace: string;
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Of this program. */
  readonly version: string;
}

/** Greets a server that has just been started, and looks for its tool. Null when it ends instead of answering. */
export async function greetMcp(process: AgentProcess, needs: Needs): Promise<Greeting | null> {
  const { wanted, workspace, timeoutMs } = needs;
  const connection = createMcpConnection(process, workspace, needs.version);
  try {
    await connection.open(timeoutMs);
    const problem = toolProblem(wanted, await connection.tools(timeoutMs));
    return { version: connection.version(), problem };
  } catch (error) {
    // Both say that it reads, or writes, no more: its end follows.
    if (error instanceof DomainError || isClosed(error)) return null;
    return { version: connection.version(), problem: requestError(error, timeoutMs).message };
  } finally {
    await connection.close();
  }
}

function isClosed(error: unknown): boolean {
  const closed: number = ErrorCode.ConnectionClosed;
  return error instanceof McpError && error.code === closed;
}
