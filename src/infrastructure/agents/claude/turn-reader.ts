import type { AgentUpdate, CumulativeUsage } from '../../../application/ports/agent-update.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import type { Asked } from './control.js';
import {
  ApiRetry,
  BackgroundTask,
  BackgroundTasks,
  Block,
  ControlCancel,
  ControlRequest,
  Init,
  Message,
  RateLimitEvent,
  Result,
  Said,
} from './messages.js';
import { planOf, toolDiffs, toolOutput, toolTitle } from './tool.js';

/** What one message means. */
export interface Heard {
  readonly updates: AgentUpdate[];
  /** The agent waits for leave. */
  readonly asked?: Asked;
  /** A request that is not for us, to be refused. */
  readonly refuse?: string;
  /** A request that the agent took back. */
  readonly withdrawn?: string;
  /** Its own version, told at the begin of each turn. */
  readonly version?: string;
}

/**
 * Where a turn stands. `settling`: it has its result, but an agent in the background has just told of its end, which the
 * agent usually answers with a turn of its own, and that belongs to this one.
 */
export type TurnState = 'working' | 'settling' | 'over';

/** Makes updates of one turn out of the agent's messages. The same messages always give the same updates. */
export interface TurnReader {
  read(message: unknown): Heard;
  state(): TurnState;
  /** Something was said into the turn: the agent may answer it in a turn of its own after this one. */
  expectMore(): void;
  result(): Result | null;
  /** When the limit of the account's plan that was met is reset; undefined when none was met. */
  resetsAt(): Timestamp | null | undefined;
}

/** Kinds that say nothing about the turn, or say again what is told otherwise. */
const SILENT = new Set(['stream_event', 'control_response', 'keep_alive', 'tool_progress', 'tool_use_summary']);
const SILENT_SYSTEM = new Set([
  ...['status', 'hook_started', 'hook_progress', 'hook_response', 'thinking_tokens', 'notification'],
  ...['task_started', 'task_updated', 'task_progress', 'files_persisted', 'session_state_changed'],
]);
/** A command that runs on in the background is no reason to wait: a development server never ends. */
const COMMAND = 'local_bash';
/** Times below this are in seconds: as milliseconds they would be before 2001. */
const FIRST_MILLISECONDS = 1e12;

export function createTurnReader(): TurnReader {
  const background = new Set<string>();
  let mayFollow = false;
  let last: Result | null = null;
  let isWorking = true;
  let hasSpoken = false;
  let limit: Timestamp | null | undefined;

  function blocks(content: unknown): Block[] {
    return (Array.isArray(content) ? content : []).flatMap((one: unknown) => {
      const { success, data } = Block.safeParse(one);
      return success ? [data] : [];
    });
  }

  function spoken(block: Block, subagent: string | null): AgentUpdate[] {
    if (block.type === 'tool_use' && typeof block.id === 'string') {
      const name = block.name ?? 'unknown';
      const { id: toolUseId, input } = block;
      const plan = planOf(name, input);
      const call = { type: 'tool_call', toolUseId, name, title: toolTitle(name, input), input, subagent } as const;
      return plan === null ? [call] : [call, { type: 'plan', entries: plan }];
    }
    // What a subagent says, it says to its agent: that is the result of the call.
    if (subagent !== null) return [];
    if (block.type === 'thinking') return block.thinking ? [{ type: 'thought', text: block.thinking }] : [];
    if (block.type !== 'text' || !block.text) return [];
    const text = hasSpoken ? `\n\n${block.text}` : block.text;
    hasSpoken = true;
    return [{ type: 'text', text }];
  }

  function results(message: unknown): AgentUpdate[] {
    const { success, data } = Said.safeParse(message);
    if (!success) return [];
    return blocks(data.message.content).flatMap((block): AgentUpdate[] => {
      if (block.type !== 'tool_result' || typeof block.tool_use_id !== 'string') return [];
      const outcome = block.is_error === true ? 'failed' : 'done';
      const diffs = outcome === 'done' ? toolDiffs(data.tool_use_result) : [];
      return [{ type: 'tool_result', toolUseId: block.tool_use_id, outcome, output: toolOutput(block.content), diffs }];
    });
  }

  function system(subtype: string, message: unknown): Heard {
    switch (subtype) {
      case 'init': {
        if (last !== null) {
          mayFollow = false;
          isWorking = true;
        }
        const version = Init.safeParse(message).data?.claude_code_version;
        return { updates: [], ...(version ? { version } : {}) };
      }
      case 'background_tasks_changed': {
        background.clear();
        for (const one of BackgroundTasks.safeParse(message).data?.tasks ?? []) {
          const task = BackgroundTask.safeParse(one).data;
          if (task !== undefined && task.task_type !== COMMAND) background.add(task.task_id);
        }
        return { updates: [] };
      }
      case 'task_notification': {
        const task = BackgroundTask.safeParse(message).data;
        if (task !== undefined) background.delete(task.task_id);
        mayFollow = true;
        return { updates: [] };
      }
      case 'api_retry':
        return { updates: retried(message) };
      case 'compact_boundary':
        return { updates: [{ type: 'progress', message: 'conversation compacted', fraction: null }] };
      default:
        return { updates: SILENT_SYSTEM.has(subtype) ? [] : [{ type: 'unknown', kind: `system/${subtype}` }] };
    }
  }

  function retried(message: unknown): AgentUpdate[] {
    const { attempt, max_retries, error_status, error } = ApiRetry.safeParse(message).data ?? {};
    const why = error ?? `status ${String(error_status ?? 'unknown')}`;
    const words = `model: ${why}, try ${String(attempt ?? 1)} of ${String(max_retries ?? 1)}`;
    // It tries again by itself and may well succeed; when the limit is reset it does not say.
    if (error_status === 429) return [{ type: 'rate_limit', resetsAt: null, message: words }];
    return [{ type: 'progress', message: words, fraction: null }];
  }

  function limited(message: unknown): AgentUpdate[] {
    const { status, resetsAt, rateLimitType } = RateLimitEvent.safeParse(message).data?.rate_limit_info ?? {};
    // A warning closes nothing, and what was met before may have been paid for since.
    if (status?.startsWith('allowed') === true) limit = undefined;
    if (status !== 'rejected') return [];
    limit = typeof resetsAt === 'number' ? inMilliseconds(resetsAt) : null;
    return [{ type: 'rate_limit', resetsAt: limit, message: `The account has met its limit${which(rateLimitType)}.` }];
  }

  function ended(message: unknown): AgentUpdate[] {
    const { success, data } = Result.safeParse(message);
    if (!success) return [{ type: 'unknown', kind: 'result: malformed' }];
    const isAfterthought = data.origin?.kind === 'task-notification';
    // A turn that never reached its model tells of none, and no figures are not zero.
    const usage: AgentUpdate[] =
      Object.keys(data.modelUsage).length === 0 ? [] : [{ type: 'usage', usage: usageOf(data) }];
    // One that comes before our own belongs to what was going on before this turn.
    if (isAfterthought && last === null) return usage;
    if (isAfterthought) mayFollow = false;
    last = data;
    isWorking = (data.queued_turn_count ?? 0) > 0;
    return usage;
  }

  function control(message: unknown): Heard {
    const { success, data } = ControlRequest.safeParse(message);
    if (!success) return { updates: [{ type: 'unknown', kind: 'control_request: malformed' }] };
    const { request_id: requestId, request } = data;
    if (request.subtype !== 'can_use_tool') {
      const kind = `control_request/${request.subtype ?? 'none'}`;
      return { updates: [{ type: 'unknown', kind }], refuse: requestId };
    }
    const { input, permission_suggestions: suggestions } = request;
    const tool = request.tool_name ?? 'unknown';
    const toolUseId = request.tool_use_id ?? null;
    const about = { requestId, toolUseId, tool, input, title: toolTitle(tool, input) };
    const asked = { requestId, toolUseId, input, suggestions };
    return { updates: [{ type: 'permission', request: about }], asked };
  }

  return {
    read(message) {
      const { success, data } = Message.safeParse(message);
      if (!success) return { updates: [{ type: 'unknown', kind: message === undefined ? 'no JSON' : 'no message' }] };
      switch (data.type) {
        case 'system':
          return system(data.subtype ?? 'none', message);
        case 'assistant': {
          const said = Said.safeParse(message).data;
          const subagent = data.parent_tool_use_id ?? null;
          return { updates: blocks(said?.message.content).flatMap((block) => spoken(block, subagent)) };
        }
        case 'user':
          return { updates: results(message) };
        case 'result':
          return { updates: ended(message) };
        case 'rate_limit_event':
          return { updates: limited(message) };
        case 'control_request':
          return control(message);
        case 'control_cancel_request': {
          const requestId = ControlCancel.safeParse(message).data?.request_id;
          if (requestId === undefined) return { updates: [] };
          return { updates: [{ type: 'permission_over', requestId }], withdrawn: requestId };
        }
        default:
          return { updates: SILENT.has(data.type) ? [] : [{ type: 'unknown', kind: data.type }] };
      }
    },
    state() {
      if (last === null || isWorking || background.size > 0) return 'working';
      return mayFollow ? 'settling' : 'over';
    },
    expectMore() {
      mayFollow = true;
    },
    result: () => last,
    resetsAt: () => limit,
  };
}

/** ` (five hour)` */
function which(kind: string | null | undefined): string {
  return kind ? ` (${kind.replaceAll('_', ' ')})` : '';
}

function inMilliseconds(time: number): Timestamp {
  return time < FIRST_MILLISECONDS ? time * 1_000 : time;
}

/** Figures of the whole conversation, of all models; the model is the one that wrote most. */
function usageOf({ modelUsage, total_cost_usd }: Result): CumulativeUsage {
  let usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0 };
  let [model, most]: [string | null, number] = [null, -1];
  for (const [name, of] of Object.entries(modelUsage)) {
    const cached = of.cacheReadInputTokens ?? 0;
    const output = of.outputTokens ?? 0;
    usage = {
      inputTokens: usage.inputTokens + (of.inputTokens ?? 0) + (of.cacheCreationInputTokens ?? 0) + cached,
      outputTokens: usage.outputTokens + output,
      cachedTokens: usage.cachedTokens + cached,
    };
    if (output > most) [model, most] = [name, output];
  }
  return { ...usage, costUsd: total_cost_usd ?? null, model };
}
