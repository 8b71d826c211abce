import { answerResult } from '../../../application/agent/answer-result.js';
import { failedEnd, NOTHING, timeoutError } from '../../../application/agent/turn-ends.js';
import type { AgentProcesses, AgentProcessRequest } from '../../../application/ports/agent-process.js';
import type { RunningAgent, Turn } from '../../../application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../application/ports/agent-update.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { TurnEnd } from '../../../application/ports/turn-end.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import type { TaskError } from '../../../domain/task/task.js';
import type { McpBounds } from './bounds.js';
import { type ToolWanted, toolProblem } from './check-tool.js';
import { createMcpConnection, type McpConnection } from './connection.js';
import { resultText } from './result-text.js';
import { crashed, quoted, requestError } from './turn-end.js';
import { createUpdateQueue, type UpdateQueue } from './update-queue.js';

export interface McpAgentDependencies {
  readonly processes: AgentProcesses;
  readonly timer: Timer;
  readonly bounds: McpBounds;
  /** Of this program, as it is told to servers. */
  readonly version: string;
}

/** What to start and what to call: the profile's settings with its program found. */
export type McpCommand = Omit<AgentProcessRequest, 'number' | 'cwd'> & { readonly wanted: ToolWanted };

/** A turn that is under way. */
interface ActiveTurn {
  cut(why: Cut): void;
  readonly over: Promise<unknown>;
}
type Cut = { readonly why: 'aborted' } | { readonly why: 'timeout'; readonly error: TaskError };

/**
 * An MCP server, one of whose tools takes a prompt. It is started by the first turn and kept as long as turns work in the
 * same directory. Each turn is one call: there is no conversation, and none that is begun can be taken over.
 */
export function createMcpAgent(needs: McpAgentDependencies, { wanted, ...command }: McpCommand): RunningAgent {
  const { processes, timer, bounds, version } = needs;
  let connection: McpConnection | null = null;
  let started = 0;
  let active: ActiveTurn | null = null;
  let stopped: Promise<StopReceipt> | null = null;

  /** A server that is ready to be called, or why it is not. */
  async function connect(turn: Turn, queue: UpdateQueue, abort: AbortSignal): Promise<McpConnection | TurnEnd> {
    if (connection !== null && !connection.hasEnded && connection.workspace === turn.workspace) {
      connection.listen(queue);
      return connection;
    }
    await leave();
    started += 1;
    let opened: McpConnection;
    try {
      const process = await processes.start({ ...command, number: started, cwd: turn.workspace });
      opened = createMcpConnection(process, turn.workspace, version);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return failedEnd({ code: 'failed', message: error.message }, NOTHING);
    }
    connection = opened;
    opened.listen(queue);
    const stopProcess = () => void opened.process.stop();
    abort.addEventListener('abort', stopProcess, { once: true });
    if (abort.aborted) stopProcess();
    try {
      await opened.open(bounds.answerMs);
      const problem = toolProblem(wanted, await opened.tools(bounds.answerMs));
      return problem === null ? opened : failedEnd({ code: 'usage', message: problem }, await opened.process.stop());
    } catch (error) {
      if (abort.aborted || (await endsNow(opened))) return await crashed(opened.process);
      return failedEnd(requestError(error, bounds.answerMs), await opened.process.stop());
    } finally {
      abort.removeEventListener('abort', stopProcess);
    }
  }

  async function call(turn: Turn, queue: UpdateQueue, abort: AbortSignal): Promise<TurnEnd> {
    const opened = await connect(turn, queue, abort);
    if ('outcome' in opened) return opened;
    try {
      const result = await opened.call(wanted.tool, { [wanted.argument]: turn.prompt }, abort);
      const text = resultText(result);
      if (result.isError === true) {
        return failedEnd({ code: 'failed', message: quoted(text, 'The tool failed and does not say why.') }, NOTHING);
      }
      if (text !== '') queue.add({ type: 'text', text });
      return { outcome: 'completed', result: answerResult(text), receipt: NOTHING };
    } catch (error) {
      if (abort.aborted) return failedEnd(requestError(error, bounds.answerMs), NOTHING);
      return (await endsNow(opened))
        ? crashed(opened.process)
        : failedEnd(requestError(error, bounds.answerMs), NOTHING);
    }
  }

  async function* prompt(turn: Turn): AsyncGenerator<AgentUpdate> {
    if (active !== null) throw new Error('An agent takes one turn at a time.');
    if (stopped !== null || turn.signal.aborted) {
      yield { type: 'turn_end', end: { outcome: 'aborted', receipt: NOTHING } };
      return;
    }
    const queue = createUpdateQueue();
    // Not AbortSignal.any: on Node 20 it leaks with a source that lives as long as the agent.
    const abort = new AbortController();
    let cut: Cut | null = null;
    const cutShort = (why: Cut) => {
      cut ??= why;
      abort.abort();
    };
    const onAbort = () => cutShort({ why: 'aborted' });
    turn.signal.addEventListener('abort', onAbort, { once: true });
    const calledOff = timer(turn.timeoutMs, () => cutShort({ why: 'timeout', error: timeoutError(turn.timeoutMs) }));
    const end = call(turn, queue, abort.signal).finally(() => queue.close());
    // It is awaited below; this only keeps a rejection from ending the server while the reader is elsewhere.
    end.catch(() => undefined);
    active = { cut: cutShort, over: end };
    let isOver = false;
    try {
      yield* queue.take();
      const ended = await endOf(await end, cut);
      isOver = true;
      yield { type: 'turn_end', end: ended };
    } finally {
      calledOff();
      turn.signal.removeEventListener('abort', onAbort);
      connection?.listen(null);
      queue.close();
      active = null;
      // Whoever stops reading does not want the turn any more.
      if (!isOver) {
        abort.abort();
        await leave();
      }
    }
  }

  /** What the turn ends with. One that was cut short leaves no process. */
  async function endOf(end: TurnEnd, cut: Cut | null): Promise<TurnEnd> {
    if (cut === null) return end;
    const receipt = await leave();
    if (cut.why === 'aborted') return { outcome: 'aborted', receipt };
    return end.outcome === 'completed' ? { ...end, receipt } : failedEnd(cut.error, receipt);
  }

  /** Ends the server: its input first, which a good one takes as its end. */
  async function leave(): Promise<StopReceipt> {
    if (connection === null) return NOTHING;
    const { process, hasEnded } = connection;
    if (!hasEnded) {
      const closed = process.closeInput().then(() => process.ended);
      await inTime(closed, bounds.cancelMs);
    }
    return process.stop();
  }

  /** True when the server is gone, or goes within a moment: its output may end a little before it. */
  async function endsNow(opened: McpConnection): Promise<boolean> {
    await inTime(opened.process.ended, bounds.cancelMs);
    return opened.hasEnded;
  }

  function inTime(what: Promise<unknown>, delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timer(delayMs, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      // Whatever it says: the process is stopped next.
      what.then(done, done);
    });
  }

  async function stop(): Promise<StopReceipt> {
    active?.cut({ why: 'aborted' });
    await active?.over.catch(() => undefined);
    return leave();
  }

  return { prompt, stop: () => (stopped ??= stop()) };
}
