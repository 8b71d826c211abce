import { MAX_NAME_LENGTH } from '../../domain/session/capture-limits.js';
import { resultText } from '../../domain/tool-use/result-text.js';
import type { ToolCall, ToolResult, TranscriptEntry } from './transcript-entry.js';
import { type Fields, fieldsOf, isFields, nameOf, timeOf, wordsOf } from './transcript-fields.js';

/** What Codex calls its shells in transcripts; its hooks call each of them `Bash`. */
const SHELLS = new Set(['exec_command', 'shell', 'shell_command', 'local_shell', 'container.exec']);
/** Looks at a command that runs already: no tool use of its own, and no hook tells of it. */
const POLLS = new Set(['write_stdin']);
/** What Codex writes above the output of a command for its model, up to the output itself. */
const FRAME = /^(?:[A-Z][^\n]{0,200}: [^\n]{0,200}\n|Process (?:exited|running) [^\n]{0,200}\n){0,12}Output:\n/;
const EXIT_CODE = /^(?:Process exited with code|Exit code:) (-?\d+)$/m;
/** Codex's ids of sessions and turns grow with time (UUID version 7), so they tell what was first. */
const TIMED_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A line of a rollout of Codex: what `item_completed` and `response_item` say of the conversation. */
export function readCodexEntries(line: unknown, providerSessionId: string): readonly TranscriptEntry[] | undefined {
  if (!isFields(line) || typeof line['type'] !== 'string' || !isFields(line['payload'])) return undefined;
  const { type, payload } = line;
  const turn = turnOf(payload);
  // A session that was forked from another one begins by telling of that one's turns again.
  if (turn !== null && TIMED_ID.test(turn) && TIMED_ID.test(providerSessionId) && turn < providerSessionId) return [];
  const entry = { by: 'user', uuid: null, turn, at: timeOf(line['timestamp']), cwd: null, subagent: null } as const;
  const none = { words: null, calls: [], results: [] };
  if (type === 'event_msg') {
    const asked = askedWith(payload);
    if (asked !== null) return [{ ...entry, ...none, words: asked }];
    const last = payload['last_agent_message'];
    if (payload['type'] !== 'task_complete' || typeof last !== 'string' || last === '') return [];
    return [{ ...entry, ...none, by: 'assistant', words: last }];
  }
  if (type !== 'response_item') return [];
  const [call, result] = [callOf(payload), resultOf(payload)];
  if (call !== null) return [{ ...entry, ...none, by: 'assistant', calls: [call] }];
  return result === null ? [] : [{ ...entry, ...none, results: [result] }];
}

function turnOf(payload: Fields): string | null {
  const more = payload['internal_chat_message_metadata_passthrough'];
  return nameOf(payload['turn_id']) ?? (isFields(more) ? nameOf(more['turn_id']) : null);
}

/** Older versions tell it as an event of its own. */
function askedWith(payload: Fields): string | null {
  if (payload['type'] === 'user_message') return typeof payload['message'] === 'string' ? payload['message'] : null;
  const item = payload['item'];
  if (payload['type'] !== 'item_completed' || !isFields(item) || item['type'] !== 'UserMessage') return null;
  return wordsOf(fieldsOf(item['content']), 'text');
}

function callOf(payload: Fields): ToolCall | null {
  const { type } = payload;
  const id = nameOf(payload['call_id']);
  if (id === null) return null;
  if (type === 'local_shell_call') return { id, name: 'Bash', input: shellInput(payload['action']) };
  const called = nameOf(payload['name']);
  if (called === null || POLLS.has(called)) return null;
  // Tools of MCP servers carry their server apart.
  const name = `${nameOf(payload['namespace']) ?? ''}${called}`.slice(0, MAX_NAME_LENGTH);
  if (type === 'custom_tool_call') return { id, name, input: { command: payload['input'] ?? '' } };
  if (type !== 'function_call') return null;
  const input = parsed(payload['arguments']);
  return SHELLS.has(called) ? { id, name: 'Bash', input: shellInput(input) } : { id, name, input };
}

/** As the hooks tell it: the command as one text. */
function shellInput(input: unknown): unknown {
  if (!isFields(input)) return input ?? null;
  const command: unknown = input['cmd'] ?? input['command'];
  if (!Array.isArray(command)) return { command: command ?? '' };
  const words = command.map(String);
  return { command: words.length === 3 && /^-l?c$/.test(words[1] ?? '') ? words[2] : words.join(' ') };
}

function resultOf(payload: Fields): ToolResult | null {
  const id = nameOf(payload['call_id']);
  if (id === null || !/^(function|custom_tool)_call_output$/.test(String(payload['type']))) return null;
  const output = unwrapped(payload['output']);
  const whole = resultText(output.content);
  const frame = FRAME.exec(whole)?.[0] ?? '';
  const code = output.exitCode ?? (frame === '' ? undefined : EXIT_CODE.exec(frame)?.[1]);
  const hasFailed = output.hasFailed || (code !== undefined && Number(code) !== 0);
  return { id, outcome: hasFailed ? 'failed' : 'done', text: whole.slice(frame.length) };
}

/** Older versions write `{output, metadata: {exit_code}}` as text, others `{content, success}`. */
function unwrapped(output: unknown): { content: unknown; exitCode?: number | undefined; hasFailed: boolean } {
  const read = typeof output === 'string' && output.startsWith('{"output":') ? parsed(output) : output;
  if (!isFields(read)) return { content: output, hasFailed: false };
  const code = isFields(read['metadata']) ? read['metadata']['exit_code'] : undefined;
  return {
    content: read['output'] ?? read['content'] ?? output,
    exitCode: typeof code === 'number' ? code : undefined,
    hasFailed: read['success'] === false,
  };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text ?? null;
  try {
    return JSON.parse(text);
  } catch {
    // A model may write arguments that are no JSON; they are kept as it wrote them.
    return text;
  }
}
