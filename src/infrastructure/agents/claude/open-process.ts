import type { AgentProcess, AgentProcessRequest } from '../../../application/ports/agent-process.js';
import { controlRequest, refusal } from './control.js';
import { ControlRequest, ControlResponse, Message } from './messages.js';

/** How to start an agent; all but where it works and the number of its process. */
export interface ClaudeProgram extends Omit<AgentProcessRequest, 'number' | 'cwd'> {
  /** The profile's name. */
  readonly name: string;
}

/** A process with the one conversation that it has. */
export interface Live {
  readonly number: number;
  readonly process: AgentProcess;
  /** Ours. */
  readonly sessionId: string;
  readonly providerSessionId: string;
  readonly cwd: string;
}

/** Both ways in JSON lines; a permission is asked of us, by the protocol and not on a terminal. */
const PROTOCOL = [
  ...['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
  ...['--permission-prompt-tool', 'stdio'],
];
const NO_CONVERSATION = /no conversation found/i;

/** Arguments with which the program opens a conversation, or takes one up again. */
export function openingArgs(args: readonly string[], providerSessionId: string, { resume }: { resume: boolean }) {
  return [...args, ...PROTOCOL, resume ? '--resume' : '--session-id', providerSessionId];
}

/** Greets a process that has just been started. False when it ends instead of answering; aborting the signal gives up. */
export async function greet(process: AgentProcess, signal: AbortSignal): Promise<boolean> {
  const { id, line } = controlRequest('initialize');
  // One that has ended already is seen by its output, which ends.
  await process.send(line).catch(() => undefined);
  for await (const { message } of process.messages(0, signal)) {
    // What it asks before its answer it may wait for.
    const asked =
      Message.safeParse(message).data?.type === 'control_request' ? ControlRequest.safeParse(message) : null;
    if (asked?.success === true) await process.send(refusal(asked.data.request_id)).catch(() => undefined);
    if (ControlResponse.safeParse(message).data?.response.request_id === id) return true;
  }
  return false;
}

/** Whether a process has ended because it does not know, in this directory, the conversation that it was to take up. */
export async function doesNotKnow(process: AgentProcess): Promise<boolean> {
  await process.ended;
  return NO_CONVERSATION.test(await process.errorTail());
}
