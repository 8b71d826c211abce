import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { TurnEnd } from './turn-end.js';

/** What a tool changed in one file. `before` is null for a file that is new, `after` for one that is gone. */
export interface FileDiff {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlanEntry {
  readonly text: string;
  readonly status: 'pending' | 'in_progress' | 'completed';
}

/** A tool that an agent asks leave for. */
export interface PermissionRequest {
  /** Names the request within the agent's run, for `RunningAgent.answer`. */
  readonly requestId: string;
  readonly toolUseId: string | null;
  /** As the agent names it, such as `Bash`. */
  readonly tool: string;
  readonly input: unknown;
  /** One line for a person. */
  readonly title: string;
}

/** Tokens and money of a conversation since it began: figures of earlier turns are in it, also after a resume. */
export interface CumulativeUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The part of `inputTokens` that was read from a cache. */
  readonly cachedTokens: number;
  /** In US dollars; null where the agent does not say. */
  readonly costUsd: number | null;
  readonly model: string | null;
}

/** What an agent says while it works, whatever its protocol. The last one of a turn is always `turn_end`. */
export type AgentUpdate =
  /** Which conversation this is, told before the prompt is sent. `resumed` false after a wish to resume: it begins anew. */
  | {
      readonly type: 'session';
      /** The kind of agent, by the name that its hooks have too, such as `claude`. */
      readonly source: string;
      readonly providerSessionId: string;
      readonly cwd: string;
      readonly agentVersion: string | null;
      readonly resumed: boolean;
    }
  /** What `attach` needs to find its way back into this turn. Told before what it speaks of is sent. */
  | { readonly type: 'mark'; readonly mark: string }
  /** A piece of what it says; pieces follow each other without a gap. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thought'; readonly text: string }
  | {
      readonly type: 'tool_call';
      readonly toolUseId: string;
      readonly name: string;
      /** One line for a person. */
      readonly title: string;
      readonly input: unknown;
      /** The subagent that calls it; null for the agent itself. */
      readonly subagent: string | null;
    }
  | {
      readonly type: 'tool_result';
      readonly toolUseId: string;
      readonly outcome: 'done' | 'failed';
      readonly output: string;
      readonly diffs: readonly FileDiff[];
    }
  | { readonly type: 'plan'; readonly entries: readonly PlanEntry[] }
  | { readonly type: 'usage'; readonly usage: CumulativeUsage }
  | { readonly type: 'permission'; readonly request: PermissionRequest }
  /** An agent withdrew its request, or it was answered elsewhere. */
  | { readonly type: 'permission_over'; readonly requestId: string }
  /** The account is limited until then; `resetsAt` is null where the agent does not say. */
  | { readonly type: 'rate_limit'; readonly resetsAt: Timestamp | null; readonly message: string }
  | { readonly type: 'progress'; readonly message: string; readonly fraction: number | null }
  /** A message of a kind that this version does not know, or a line that is none; counted and passed over. */
  | { readonly type: 'unknown'; readonly kind: string }
  | { readonly type: 'turn_end'; readonly end: TurnEnd };
