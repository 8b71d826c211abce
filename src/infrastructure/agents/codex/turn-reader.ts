import { z } from 'zod';
import type { AgentUpdate, CumulativeUsage, PlanEntry } from '../../../application/ports/agent-update.js';
import { PASSED_OVER, QUIET_ITEMS } from './known-methods.js';
import type { RateLimits } from './rate-limits.js';
import { Item, toolOf, toolResultOf } from './read-item.js';
import { type TurnFailure, turnError } from './turn-error.js';

const Params = z.looseObject({
  threadId: z.string().nullish().catch(null),
  turnId: z.string().nullish().catch(null),
  itemId: z.string().nullish().catch(null),
  delta: z.string().catch(''),
});
type Params = z.infer<typeof Params>;

const Turn = z.object({
  turn: z.object({ id: z.string(), status: z.string().catch(''), error: z.unknown().optional() }),
});
const Thread = z.object({
  thread: z.object({
    id: z.string(),
    parentThreadId: z.string().nullish().catch(null),
    agentNickname: z.string().nullish().catch(null),
  }),
});
const Status = z.object({ status: z.object({ type: z.string() }) });
const Plan = z.object({ plan: z.array(z.object({ step: z.string(), status: z.string().catch('') })) });
const Tokens = z.number().catch(0);
const Usage = z.object({
  tokenUsage: z.object({ total: z.object({ inputTokens: Tokens, cachedInputTokens: Tokens, outputTokens: Tokens }) }),
});
const Failure = z.object({ error: z.unknown().optional(), willRetry: z.boolean().catch(false) });

const PLAN_STATUS: Readonly<Record<string, PlanEntry['status']>> = {
  inProgress: 'in_progress',
  completed: 'completed',
};
/** Other agents that one turn may start, at most; of more of them nothing is told. */
const MAX_SUBAGENTS = 1_000;

/** How Codex ended a turn. */
export type TurnOutcome =
  | { readonly how: 'completed' | 'interrupted' }
  | { readonly how: 'failed'; readonly error: TurnFailure };

/** Reads what Codex tells of one turn. The same messages always give the same updates. */
export interface TurnReader {
  take(method: string, params: unknown): readonly AgentUpdate[];
  /** The turn's id, from the answer to `turn/start`; what other turns tell is left out from then on. */
  begun(turnId: string): void;
  readonly turnId: string | null;
  /** Set when the turn is over. */
  readonly outcome: TurnOutcome | null;
  /** True while Codex says that it does nothing, though the turn is not over. */
  readonly isIdle: boolean;
  /** Its last message. */
  readonly answer: string;
}

export function createTurnReader(threadId: string, model: string | null, limits: RateLimits): TurnReader {
  let turnId: string | null = null;
  let outcome: TurnOutcome | null = null;
  let isIdle = false;
  let answer = '';
  /** The message or thought that was told last, so that the next one stands apart from it. */
  let speaking: string | null = null;
  /** Messages and thoughts of which pieces were told, so that the whole is not told again. */
  const streamed = new Set<string>();
  const subagents = new Map<string, string>();

  function say(type: 'text' | 'thought', itemId: string, text: string): AgentUpdate[] {
    if (text === '') return [];
    const apart = speaking !== null && speaking !== `${type} ${itemId}` && speaking.startsWith(type);
    speaking = `${type} ${itemId}`;
    return [{ type, text: apart ? `\n\n${text}` : text }];
  }

  function piece(type: 'text' | 'thought', { itemId, delta }: Params): AgentUpdate[] {
    const id = itemId ?? '';
    streamed.add(id);
    return say(type, id, delta);
  }

  function started(item: Item, subagent: string | null): AgentUpdate[] {
    const tool = toolOf(item);
    if (tool !== null) {
      speaking = null;
      return [{ type: 'tool_call', toolUseId: item.id, ...tool, subagent }];
    }
    if (item.type === 'agentMessage' || item.type === 'reasoning' || item.type === 'plan') return [];
    return QUIET_ITEMS.has(item.type) ? [] : [{ type: 'unknown', kind: `item ${item.type}` }];
  }

  function completed(item: Item, subagent: string | null): AgentUpdate[] {
    if (toolOf(item) !== null) return [{ type: 'tool_result', toolUseId: item.id, ...toolResultOf(item) }];
    if (subagent !== null) return [];
    switch (item.type) {
      case 'agentMessage':
      case 'plan': {
        const text = typeof item['text'] === 'string' ? item['text'] : '';
        if (text !== '') answer = text;
        return streamed.delete(item.id) ? [] : say('text', item.id, text);
      }
      case 'reasoning': {
        const parts = Array.isArray(item['summary']) ? item['summary'].filter((part) => typeof part === 'string') : [];
        return streamed.delete(item.id) ? [] : say('thought', item.id, parts.join('\n\n'));
      }
      case 'contextCompaction':
        return [{ type: 'progress', message: 'made its conversation shorter', fraction: null }];
      default:
        return [];
    }
  }

  function over(params: Params): AgentUpdate[] {
    const { success, data } = Turn.safeParse(params);
    if (!success || (turnId !== null && data.turn.id !== turnId)) return [];
    const { status, error: told } = data.turn;
    if (status !== 'failed') {
      outcome = { how: status === 'interrupted' ? 'interrupted' : 'completed' };
      return [];
    }
    const error = turnError(told);
    outcome = { how: 'failed', error };
    return error.code === 'rate_limited' ? [limits.reached(error.message)] : [];
  }

  /** What concerns the thread as a whole, or the account. Null for what is told of a turn. */
  function takeOutside(method: string, params: Params): readonly AgentUpdate[] | null {
    switch (method) {
      case 'account/rateLimits/updated': {
        const update = limits.take(params);
        return update === null ? [] : [update];
      }
      case 'thread/started': {
        const { success, data } = Thread.safeParse(params);
        const parent = success ? (data.thread.parentThreadId ?? null) : null;
        const isOurs = parent === threadId || (parent !== null && subagents.has(parent));
        if (success && isOurs && subagents.size < MAX_SUBAGENTS) {
          subagents.set(data.thread.id, data.thread.agentNickname ?? data.thread.id);
        }
        return [];
      }
      default:
        return PASSED_OVER.has(method) ? [] : null;
    }
  }

  function takeItem(method: string, params: Params, subagent: string | null): readonly AgentUpdate[] | null {
    if (method !== 'item/started' && method !== 'item/completed') return null;
    const { success, data } = Item.safeParse(params['item']);
    if (!success) return [{ type: 'unknown', kind: method }];
    return method === 'item/started' ? started(data, subagent) : completed(data, subagent);
  }

  function takeTurn(method: string, params: Params): readonly AgentUpdate[] {
    switch (method) {
      case 'item/agentMessage/delta':
      case 'item/plan/delta':
        return piece('text', params);
      case 'item/reasoning/summaryTextDelta':
      case 'item/reasoning/textDelta':
        return piece('thought', params);
      case 'item/reasoning/summaryPartAdded':
        return streamed.has(params.itemId ?? '') ? piece('thought', { ...params, delta: '\n\n' }) : [];
      case 'item/mcpToolCall/progress': {
        const message = params['message'];
        return typeof message === 'string' ? [{ type: 'progress', message, fraction: null }] : [];
      }
      case 'turn/plan/updated': {
        const { success, data } = Plan.safeParse(params);
        if (!success) return [{ type: 'unknown', kind: method }];
        const entries = data.plan.map(({ step, status }) => ({ text: step, status: PLAN_STATUS[status] ?? 'pending' }));
        return [{ type: 'plan', entries }];
      }
      case 'thread/tokenUsage/updated': {
        const usage = usageOf(params, model);
        return usage === null ? [{ type: 'unknown', kind: method }] : [{ type: 'usage', usage }];
      }
      case 'thread/status/changed': {
        const { success, data } = Status.safeParse(params);
        isIdle = success && data.status.type !== 'active';
        return [];
      }
      case 'thread/compacted':
        return [];
      case 'error': {
        const { success, data } = Failure.safeParse(params);
        if (!success || !data.willRetry) return [];
        return [{ type: 'progress', message: `tries again: ${turnError(data.error).message}`, fraction: null }];
      }
      case 'turn/started': {
        const { success, data } = Turn.safeParse(params);
        if (success) turnId ??= data.turn.id;
        return [];
      }
      case 'turn/completed':
        return over(params);
      default:
        return [{ type: 'unknown', kind: method }];
    }
  }

  return {
    take(method, raw) {
      const params = Params.safeParse(raw ?? {});
      if (!params.success) return [{ type: 'unknown', kind: method }];
      const outside = takeOutside(method, params.data);
      if (outside !== null) return outside;
      const { threadId: of, turnId: by } = params.data;
      const isOurs = (of ?? threadId) === threadId;
      const subagent = isOurs ? null : subagents.get(of ?? '');
      if (subagent === undefined) return [];
      if (isOurs && turnId !== null && (by ?? turnId) !== turnId) return [];
      return takeItem(method, params.data, subagent) ?? (isOurs ? takeTurn(method, params.data) : []);
    },
    begun(id) {
      turnId = id;
    },
    get turnId() {
      return turnId;
    },
    get outcome() {
      return outcome;
    },
    get isIdle() {
      return isIdle;
    },
    get answer() {
      return answer;
    },
  };
}

function usageOf(params: Params, model: string | null): CumulativeUsage | null {
  const { success, data } = Usage.safeParse(params);
  if (!success) return null;
  const { inputTokens, cachedInputTokens, outputTokens } = data.tokenUsage.total;
  return { inputTokens, outputTokens, cachedTokens: cachedInputTokens, costUsd: null, model };
}
