import type { ToolOutcome } from '../../domain/session/tool-use.js';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ToolResult {
  readonly id: string;
  readonly outcome: ToolOutcome;
  readonly text: string;
  /** When it came, where the transcript tells it apart from the entry's time. */
  readonly at?: number | null;
}

/** What one line of a transcript tells of a conversation, whichever agent wrote it. */
export interface TranscriptEntry {
  readonly by: 'user' | 'assistant';
  /** How the line is named, whatever turn it is of. */
  readonly uuid: string | null;
  /** The turn as the line names it. */
  readonly turn: string | null;
  readonly at: number | null;
  readonly cwd: string | null;
  /** Whose line it is, when a subagent's. */
  readonly subagent: string | null;
  /** What the user asks with it, or the last words of the agent in the turn; null when it is neither. */
  readonly words: string | null;
  readonly calls: readonly ToolCall[];
  readonly results: readonly ToolResult[];
}

/**
 * Reads a parsed line of this session. Empty when it tells nothing of its conversation; undefined when it is no line of a
 * transcript of this agent at all.
 */
export type ReadEntries = (line: unknown, providerSessionId: string) => readonly TranscriptEntry[] | undefined;
