import { z } from 'zod';
import type { AgentUpdate, CumulativeUsage } from '../../../application/ports/agent-update.js';
import type { TaskResult } from '../../../domain/task/task.js';
import { createFinalText } from './final-text.js';
import { looseList, looseText } from './loose.js';
import { PermissionParams } from './permission.js';
import {
  hasInput,
  merged,
  ToolCallFields,
  toolDiffs,
  toolInput,
  toolName,
  toolOutput,
  toolTitle,
  withoutRemarks,
} from './tool-call.js';
import { usageAfter, usageWith } from './usage.js';

/** Calls of one turn that are remembered at once; an agent that opens more never tells their results. */
const MAX_CALLS = 1_000;
/** Told of a call that never had a result: Gemini is silent about one that was denied. */
const NO_RESULT = 'The agent told no result of it: it was denied, or cut short.';

const Kind = z.object({ sessionUpdate: z.string() });
const Chunk = z.object({
  content: z.object({ type: z.string(), text: looseText }),
  messageId: looseText,
});
const PlanEntry = z.object({
  content: z.string(),
  status: z.enum(['pending', 'in_progress', 'completed']).catch('pending'),
});
const Plan = z.object({ entries: looseList(PlanEntry) });
const Mode = z.object({ currentModeId: z.string() });

interface Call {
  readonly name: string;
  fields: ToolCallFields;
  told: boolean;
}

/** Makes updates of one turn out of what an agent sends. The same messages always give the same updates. */
export interface TurnReader {
  /** The body of a `session/update`. */
  update(update: unknown): AgentUpdate[];
  /** The parameters of a `session/request_permission`. Null when they say nothing that can be answered. */
  permission(requestId: string, params: unknown): AgentUpdate[] | null;
  /** The end of the turn, with the answer to its prompt where there was one. */
  end(result: unknown): AgentUpdate[];
  /** The agent's final message. */
  result(): TaskResult;
  usage(): CumulativeUsage;
  /** True while a tool call has no result: the agent may well be silent then. */
  isWaiting(): boolean;
}

export function createTurnReader(usageBefore: CumulativeUsage): TurnReader {
  const calls = new Map<string, Call>();
  /** Calls that had their result; what comes of one later is nothing new. */
  const closed = new Set<string>();
  const text = createFinalText();
  let usage = usageBefore;
  let messageId: string | null = null;

  function chunk(type: 'text' | 'thought', body: unknown): AgentUpdate[] {
    const { success, data } = Chunk.safeParse(body);
    if (!success || data.content.type !== 'text') {
      return [{ type: 'unknown', kind: `${type}: ${success ? data.content.type : 'malformed'}` }];
    }
    const said = data.content.text ?? '';
    if (said === '') return [];
    if (type === 'text') {
      if (data.messageId !== undefined && data.messageId !== null && data.messageId !== messageId) {
        if (messageId !== null) text.cut();
        messageId = data.messageId;
      }
      text.add(said);
    }
    return [{ type, text: said }];
  }

  function take(said: ToolCallFields): Call | null {
    const fields = withoutRemarks(said);
    const known = calls.get(fields.toolCallId);
    if (known !== undefined) {
      known.fields = merged(known.fields, fields);
      return known;
    }
    if (calls.size >= MAX_CALLS) return null;
    const call = { name: toolName(fields), fields, told: false };
    calls.set(fields.toolCallId, call);
    return call;
  }

  function tell(call: Call): AgentUpdate[] {
    if (call.told) return [];
    call.told = true;
    text.cut();
    const { fields, name } = call;
    const about = { toolUseId: fields.toolCallId, name, title: toolTitle(fields), input: toolInput(fields) };
    return [{ type: 'tool_call', ...about, subagent: null }];
  }

  /** A call whose input is still being written is told when the agent goes on to something else. */
  function tellOthers(except: string | null): AgentUpdate[] {
    const ready = [...calls].filter(([id, call]) => id !== except && !call.told && hasInput(call.fields));
    return ready.flatMap(([, call]) => tell(call));
  }

  function close(id: string, outcome: 'done' | 'failed', output: string, fields: ToolCallFields): AgentUpdate[] {
    calls.delete(id);
    closed.add(id);
    const [oldest] = closed;
    if (closed.size > MAX_CALLS && oldest !== undefined) closed.delete(oldest);
    return [
      { type: 'tool_result', toolUseId: id, outcome, output, diffs: outcome === 'done' ? toolDiffs(fields) : [] },
    ];
  }

  function toolCall(body: unknown): AgentUpdate[] {
    const { success, data } = ToolCallFields.safeParse(body);
    if (!success) return [{ type: 'unknown', kind: 'tool_call: malformed' }];
    const others = tellOthers(data.toolCallId);
    if (closed.has(data.toolCallId)) return others;
    const call = take(data);
    if (call === null) return [...others, { type: 'unknown', kind: 'tool_call: too many at once' }];
    switch (data.status) {
      case 'in_progress':
        return [...others, ...tell(call)];
      case 'completed':
      case 'failed': {
        const outcome = data.status === 'completed' ? 'done' : 'failed';
        return [...others, ...tell(call), ...close(data.toolCallId, outcome, toolOutput(call.fields), call.fields)];
      }
      default:
        return others;
    }
  }

  function other(kind: string, body: unknown): AgentUpdate[] {
    switch (kind) {
      case 'agent_message_chunk':
        return chunk('text', body);
      case 'agent_thought_chunk':
        return chunk('thought', body);
      case 'plan': {
        const { entries } = Plan.catch({ entries: [] }).parse(body);
        return [{ type: 'plan', entries: entries.map(({ content, status }) => ({ text: content, status })) }];
      }
      case 'usage_update': {
        const told = usageWith(usage, body);
        const isDearer = told !== null && told.costUsd !== usage.costUsd;
        usage = told ?? usage;
        return isDearer ? [{ type: 'usage', usage }] : [];
      }
      case 'current_mode_update': {
        const { success, data } = Mode.safeParse(body);
        return success ? [{ type: 'progress', message: `mode ${data.currentModeId}`, fraction: null }] : [];
      }
      case 'user_message_chunk':
      case 'available_commands_update':
      case 'config_option_update':
      case 'session_info_update':
        return [];
      default:
        return [{ type: 'unknown', kind }];
    }
  }

  return {
    update(body) {
      const { success, data } = Kind.safeParse(body);
      if (!success) return [{ type: 'unknown', kind: 'session/update' }];
      const kind = data.sessionUpdate;
      if (kind === 'tool_call' || kind === 'tool_call_update') return toolCall(body);
      return [...tellOthers(null), ...other(kind, body)];
    },
    permission(requestId, params) {
      const { success, data } = PermissionParams.safeParse(params);
      if (!success) return null;
      const id = data.toolCall.toolCallId;
      const others = tellOthers(id);
      const known = calls.get(id);
      const fields = merged(known?.fields, data.toolCall);
      const call = take(data.toolCall);
      const name = call?.name ?? toolName(fields);
      const request = { requestId, toolUseId: id, tool: name, input: toolInput(fields), title: toolTitle(fields) };
      return [...others, ...(call === null ? [] : tell(call)), { type: 'permission', request }];
    },
    end(result) {
      const after = usageAfter(usage, result);
      const changed = after.inputTokens !== usage.inputTokens || after.outputTokens !== usage.outputTokens;
      usage = after;
      const open = [...calls].flatMap(([id, call]) => [
        ...tell(call),
        ...close(id, 'failed', toolOutput(call.fields) || NO_RESULT, call.fields),
      ]);
      return [...open, ...(changed ? [{ type: 'usage', usage } as const] : [])];
    },
    result: () => text.result(),
    usage: () => usage,
    isWaiting: () => calls.size > 0,
  };
}
