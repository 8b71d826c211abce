import { MAX_NAME_LENGTH, MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import type { ToolOutcome } from '../../domain/session/tool-use.js';
import { resultText } from '../../domain/tool-use/result-text.js';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ToolResult {
  readonly id: string;
  readonly outcome: ToolOutcome;
  readonly text: string;
}

/** One line of a transcript of Claude Code that somebody said. */
export interface ClaudeEntry {
  readonly by: 'user' | 'assistant';
  readonly uuid: string | null;
  /** The turn as the line names it; lines of the assistant name none. */
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

/** What the program itself writes down as if the user had said it: its own commands, their output, an interruption. */
const NOT_SAID =
  /^\s*(<(command-(name|message|args)|local-command-\w+|bash-(input|stdout|stderr)|user-memory-input)>|\[Request interrupted by user)/;
/** Reasons to stop that end a turn. */
const ENDS = new Set(['end_turn', 'stop_sequence', 'max_tokens', 'refusal']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a parsed line of this session. Null when it is none of a conversation (a mode, a snapshot, what was sent to the
 * model) or belongs to another one; undefined when it is no line of a transcript at all.
 */
export function readClaudeEntry(line: unknown, providerSessionId: string): ClaudeEntry | null | undefined {
  if (!isFields(line) || typeof line['type'] !== 'string') return undefined;
  const { type: by, message, sessionId } = line;
  if ((by !== 'user' && by !== 'assistant') || !isFields(message)) return null;
  // A conversation that was taken over from another one is known from there.
  if ((sessionId !== undefined && sessionId !== providerSessionId) || 'forkedFrom' in line) return null;
  const blocks = blocksOf(message['content']);
  const subagent = line['isSidechain'] === true ? (name(line['agentId']) ?? 'subagent') : null;
  const results = by === 'user' ? resultsOf(blocks, line) : [];
  return {
    by,
    uuid: name(line['uuid']),
    turn: name(line['promptId']),
    at: timeOf(line['timestamp']),
    cwd: text(line['cwd'], MAX_PATH_LENGTH),
    subagent,
    words:
      subagent !== null || results.length > 0
        ? null
        : by === 'user'
          ? asked(line, blocks)
          : answered(message, line, blocks),
    calls: by === 'assistant' ? callsOf(blocks) : [],
    results,
  };
}

function asked(line: Fields, blocks: readonly Fields[]): string | null {
  if (line['isMeta'] === true || line['isCompactSummary'] === true || line['isVisibleInTranscriptOnly'] === true)
    return null;
  if (blocks.length === 0) return null;
  const words = wordsOf(blocks);
  return NOT_SAID.test(words) ? null : words;
}

function answered(message: Fields, line: Fields, blocks: readonly Fields[]): string | null {
  if (line['isApiErrorMessage'] === true || !ENDS.has(String(message['stop_reason']))) return null;
  const words = wordsOf(blocks);
  return words === '' ? null : words;
}

function callsOf(blocks: readonly Fields[]): ToolCall[] {
  return blocks.flatMap((block) => {
    const [id, called] = [name(block['id']), name(block['name'])];
    return block['type'] === 'tool_use' && id !== null && called !== null
      ? [{ id, name: called, input: block['input'] ?? null }]
      : [];
  });
}

function resultsOf(blocks: readonly Fields[], line: Fields): ToolResult[] {
  const results = blocks.filter(({ type }) => type === 'tool_result');
  // How the tool itself put it, as hooks tell it; it is of the one result of the line.
  const own = results.length === 1 && isFields(line['toolUseResult']) ? line['toolUseResult'] : undefined;
  const decision = isFields(line['permissionDecision']) ? line['permissionDecision']['decision'] : undefined;
  const isDenied = decision === 'reject' || line['toolUseResult'] === 'User rejected tool use';
  return results.flatMap((block) => {
    const id = name(block['tool_use_id']);
    if (id === null) return [];
    const hasFailed = block['is_error'] === true || own?.['interrupted'] === true;
    const result = block['is_error'] === true ? block['content'] : (own ?? block['content']);
    return [{ id, outcome: isDenied ? 'denied' : hasFailed ? 'failed' : 'done', text: resultText(result) } as const];
  });
}

function wordsOf(blocks: readonly Fields[]): string {
  return blocks
    .filter((block) => block['type'] === 'text' && typeof block['text'] === 'string')
    .map((block) => String(block['text']))
    .join('\n');
}

function blocksOf(content: unknown): readonly Fields[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.filter(isFields) : [];
}

function timeOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isSafeInteger(at) && at >= 0 ? at : null;
}

function name(value: unknown): string | null {
  return text(value, MAX_NAME_LENGTH);
}

function text(value: unknown, longest: number): string | null {
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
