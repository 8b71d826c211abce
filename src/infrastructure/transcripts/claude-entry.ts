import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { resultText } from '../../domain/tool-use/result-text.js';
import type { ToolCall, ToolResult, TranscriptEntry } from './transcript-entry.js';
import { type Fields, fieldsOf, isFields, nameOf, textOf, timeOf, wordsOf } from './transcript-fields.js';

/** What the program itself writes down as if the user had said it: its own commands, their output, an interruption. */
const NOT_SAID =
  /^\s*(<(command-(name|message|args)|local-command-\w+|bash-(input|stdout|stderr)|user-memory-input)>|\[Request interrupted by user)/;
/** Reasons to stop that end a turn. */
const ENDS = new Set(['end_turn', 'stop_sequence', 'max_tokens', 'refusal']);

/** A line of Claude Code, or none; see `ReadEntries`. */
export function readClaudeEntries(line: unknown, providerSessionId: string): readonly TranscriptEntry[] | undefined {
  const entry = readClaudeEntry(line, providerSessionId);
  return entry === null ? [] : entry && [entry];
}

/**
 * Reads a parsed line of this session. Null when it is none of a conversation (a mode, a snapshot, what was sent to the
 * model) or belongs to another one; undefined when it is no line of a transcript at all.
 */
export function readClaudeEntry(line: unknown, providerSessionId: string): TranscriptEntry | null | undefined {
  if (!isFields(line) || typeof line['type'] !== 'string') return undefined;
  const { type: by, message, sessionId } = line;
  if ((by !== 'user' && by !== 'assistant') || !isFields(message)) return null;
  // A conversation that was taken over from another one is known from there.
  if ((sessionId !== undefined && sessionId !== providerSessionId) || 'forkedFrom' in line) return null;
  const blocks = blocksOf(message['content']);
  const subagent = line['isSidechain'] === true ? (nameOf(line['agentId']) ?? 'subagent') : null;
  const results = by === 'user' ? resultsOf(blocks, line) : [];
  return {
    by,
    uuid: nameOf(line['uuid']),
    turn: nameOf(line['promptId']),
    at: timeOf(line['timestamp']),
    cwd: textOf(line['cwd'], MAX_PATH_LENGTH),
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
  const words = wordsOf(blocks, 'text');
  return NOT_SAID.test(words) ? null : words;
}

function answered(message: Fields, line: Fields, blocks: readonly Fields[]): string | null {
  if (line['isApiErrorMessage'] === true || !ENDS.has(String(message['stop_reason']))) return null;
  const words = wordsOf(blocks, 'text');
  return words === '' ? null : words;
}

function callsOf(blocks: readonly Fields[]): ToolCall[] {
  return blocks.flatMap((block) => {
    const [id, called] = [nameOf(block['id']), nameOf(block['name'])];
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
    const id = nameOf(block['tool_use_id']);
    if (id === null) return [];
    const hasFailed = block['is_error'] === true || own?.['interrupted'] === true;
    const result = block['is_error'] === true ? block['content'] : (own ?? block['content']);
    return [{ id, outcome: isDenied ? 'denied' : hasFailed ? 'failed' : 'done', text: resultText(result) } as const];
  });
}

function blocksOf(content: unknown): readonly Fields[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return fieldsOf(content);
}
