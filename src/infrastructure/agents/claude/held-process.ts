import { randomUUID } from 'node:crypto';
import { NOTHING } from '../../../application/agent/turn-ends.js';
import type { AgentProcess, AgentProcesses } from '../../../application/ports/agent-process.js';
import type { Turn } from '../../../application/ports/agent-runtime.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import type { Mark } from './mark.js';
import { type ClaudeProgram, doesNotKnow, greet, type Live, openingArgs } from './open-process.js';

const BEGINS_ANEW = 'It could not take its conversation up again, and begins anew with a hand-over.';

/** What an earlier server has left running. */
export interface TakenOver {
  readonly process: AgentProcess;
  readonly mark: Mark;
}

/** A turn whose conversation is open. */
export interface Opened {
  readonly live: Live;
  /** True when the conversation goes on where it was. */
  readonly resumed: boolean;
  /** Why it began anew; null when nothing is to be said of that. */
  readonly note: string | null;
  readonly prompt: string;
}

/** The process of a conversation: started with its first turn, and kept for the next ones. */
export interface HeldProcess {
  /** The one that takes prompts; null when there is none. */
  readonly live: () => Live | null;
  /** The process, in whatever state; one that is just being started is waited for. */
  running(): Promise<AgentProcess | null>;
  /** The process of this turn's conversation: the one that is there, or another one in its place. */
  openFor(turn: Turn, signal: AbortSignal): Promise<Opened>;
  /** Ends it with all that it started. The next turn starts another. */
  end(): Promise<StopReceipt>;
}

export function holdProcess(
  agentProcesses: AgentProcesses,
  program: ClaudeProgram,
  takenOver: TakenOver | null,
): HeldProcess {
  let number = takenOver?.mark.process ?? 0;
  let live: Live | null = null;
  let process: AgentProcess | null = takenOver?.process ?? null;
  let starting: Promise<AgentProcess> | null = null;
  if (takenOver !== null) keep(liveOf(takenOver));

  function keep(next: Live): Live {
    live = next;
    void next.process.ended.then(() => {
      if (live === next) live = null;
    });
    return next;
  }

  /** The process; one that is just being started is waited for, so that it cannot get away. */
  async function running(): Promise<AgentProcess | null> {
    return (await starting?.catch(() => null)) ?? process;
  }

  async function end(): Promise<StopReceipt> {
    const ending = await running();
    live = null;
    process = null;
    return (await ending?.stop()) ?? NOTHING;
  }

  /** A process for this conversation. Null when the agent does not know the one that it is to take up. */
  async function launch({ workspace: cwd, conversation }: Turn, resume: string | null, signal: AbortSignal) {
    await end();
    signal.throwIfAborted();
    number += 1;
    // A conversation's own id is ours to choose, once: a second start under it is refused.
    const providerSessionId = resume ?? randomUUID();
    const args = openingArgs(program.args, providerSessionId, { resume: resume !== null });
    starting = agentProcesses.start({ ...program, number, cwd, args });
    process = await starting.finally(() => {
      starting = null;
    });
    const started = process;
    if (await greet(started, signal)) {
      await started.settle();
      return keep({ number, process: started, sessionId: conversation.sessionId, providerSessionId, cwd });
    }
    signal.throwIfAborted();
    if (resume !== null && (await doesNotKnow(started))) return null;
    throw new Error(`${program.name} ended before it was ready.`);
  }

  async function openFor(turn: Turn, signal: AbortSignal): Promise<Opened> {
    const { conversation, prompt, workspace } = turn;
    const wished = conversation.providerSessionId;
    const isOpen = live?.sessionId === conversation.sessionId && live.cwd === workspace;
    if (live !== null && isOpen && (wished === null || wished === live.providerSessionId)) {
      return { live, resumed: wished !== null, note: null, prompt };
    }
    const known = wished === null ? null : await launch(turn, wished, signal);
    if (known !== null) return { live: known, resumed: true, note: null, prompt };
    const fresh = await launch(turn, null, signal);
    if (fresh === null) throw new Error('A new conversation is never unknown.');
    if (wished === null) return { live: fresh, resumed: false, note: null, prompt };
    const handOver = await conversation.handOver();
    return { live: fresh, resumed: false, note: BEGINS_ANEW, prompt: `${handOver}\n\n${prompt}` };
  }

  return { live: () => live, running, openFor, end };
}

function liveOf({ process, mark }: TakenOver): Live {
  const { process: number, sessionId, providerSessionId, cwd } = mark;
  return { number, process, sessionId, providerSessionId, cwd };
}
