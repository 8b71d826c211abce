import { stat } from 'node:fs/promises';
import type { AgentProcess } from '../../../application/ports/agent-process.js';
import type { AgentPaths } from './agent-paths.js';
import { errorTail } from './error-tail.js';
import type { ReadMessages } from './read-messages.js';
import type { Growth } from './run-growth.js';

/** What is asked of a program itself; its output is read from files. */
export type ProgramControl = Pick<AgentProcess, 'pid' | 'sent' | 'send' | 'closeInput' | 'ended' | 'stop'>;

/** A program and its files, as adapters see it. */
export function createAgentProcess(
  control: ProgramControl,
  paths: AgentPaths,
  readMessages: ReadMessages,
  growth: Growth,
): AgentProcess {
  return {
    ...control,
    ...growth,
    messages: (from, signal) => readMessages(paths.output, from, { ended: control.ended, signal }),
    size: async () => (await stat(paths.output)).size,
    errorTail: () => errorTail(paths.errors),
  };
}
