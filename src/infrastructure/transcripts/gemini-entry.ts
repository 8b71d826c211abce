import { tellsFailure, withoutFrame } from '../../domain/tool-use/gemini-result.js';
import { resultText } from '../../domain/tool-use/result-text.js';
import type { ToolResult, TranscriptEntry } from './transcript-entry.js';
import { type Fields, fieldsOf, isFields, nameOf, timeOf, wordsOf } from './transcript-fields.js';

/** What Gemini CLI tells its model as if the user had said it. */
const NOT_SAID = /^\s*<session_context>/;
/** States of a tool call that has come to its end. */
const OUTCOMES: Readonly<Record<string, ToolResult['outcome']>> = {
  success: 'done',
  error: 'failed',
  cancelled: 'denied',
};

/**
 * A line of a chat of Gemini CLI: a message, or messages that are set at once. A message is written again when more is
 * known of it: first what the model said, then what came of its calls.
 */
export function readGeminiEntries(line: unknown): readonly TranscriptEntry[] | undefined {
  if (!isFields(line)) return undefined;
  if (isFields(line['$set'])) return fieldsOf(line['$set']['messages']).flatMap(messageEntries);
  if (typeof line['type'] === 'string') return messageEntries(line);
  // The head of the file, and changes of what is no message.
  return 'sessionId' in line || Object.keys(line).some((key) => key.startsWith('$')) ? [] : undefined;
}

/** What a message of a chat tells, if anything. */
export function messageEntries(message: Fields): readonly TranscriptEntry[] {
  const { type } = message;
  const uuid = nameOf(message['id']);
  const entry = { uuid, turn: null, at: timeOf(message['timestamp']), cwd: null, subagent: null } as const;
  const words = saidWith(message);
  if (type === 'user') {
    const isSaid = words !== null && !NOT_SAID.test(words);
    return isSaid ? [{ ...entry, by: 'user', words, calls: [], results: [] }] : [];
  }
  if (type !== 'gemini') return [];
  const calls = fieldsOf(message['toolCalls']).flatMap((call) => {
    const [id, name, outcome] = [nameOf(call['id']), nameOf(call['name']), OUTCOMES[String(call['status'])]];
    if (id === null || name === null || outcome === undefined) return [];
    return [{ id, name, input: call['args'] ?? null, result: resultOf(call, id, outcome) }];
  });
  // Who calls tools goes on after them; what is said last is said without.
  const answer = Array.isArray(message['toolCalls']) || words === null || words.trim() === '' ? null : words;
  return [{ ...entry, by: 'assistant', words: answer, calls, results: calls.map(({ result }) => result) }];
}

/** Null for what is only the result of a tool. */
function saidWith({ content, displayContent }: Fields): string | null {
  const said = displayContent ?? content;
  if (typeof said === 'string') return said;
  const parts = fieldsOf(said);
  if (parts.length === 0 || parts.some((part) => 'functionResponse' in part)) return null;
  return wordsOf(parts);
}

function resultOf(call: Fields, id: string, outcome: ToolResult['outcome']): ToolResult {
  const texts = fieldsOf(call['result']).flatMap(({ functionResponse }) => {
    const response = isFields(functionResponse) ? functionResponse['response'] : undefined;
    return isFields(response) ? [resultText(response['output'] ?? response['error'] ?? response)] : [];
  });
  const text = withoutFrame(texts.length === 0 ? resultText(call['resultDisplay']) : texts.join('\n'));
  const hasFailed = outcome === 'done' && tellsFailure(text);
  return { id, outcome: hasFailed ? 'failed' : outcome, text, at: timeOf(call['timestamp']) };
}
