import type { AgentProcess, AgentProcesses } from '../ports/agent-process.js';
import type { AgentLeft } from '../ports/agent-runtime.js';

/**
 * The process of an agent that an earlier server left, with what its last mark says; null when it is gone. One of which
 * nothing is known, or which has ended and has nothing more to tell, is ended.
 */
export async function attachProcess<Mark extends { readonly process: number }>(
  agentProcesses: Pick<AgentProcesses, 'attach'>,
  { agentId, runId, mark: text, isIdle = false }: AgentLeft,
  readMark: (text: string) => Mark | null,
): Promise<{ readonly process: AgentProcess; readonly mark: Mark } | null> {
  const mark = text === null ? null : readMark(text);
  const process = await agentProcesses.attach({ agentId, number: mark?.process ?? 1, runId });
  if (process === null) return null;
  if (mark !== null && !(isIdle && process.sent() === 0)) return { process, mark };
  await process.stop();
  return null;
}
