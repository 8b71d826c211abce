/** Lines as Codex 0.169.0 and Gemini CLI 0.61.0 write them, cut to what tells something. */
export const CODEX_SESSION = '01a22127-6c37-7c12-8da4-e5488ac3f953';
export const CODEX_TURN = '01a22127-6cb3-7d52-a9ff-fb225e24c8a3';
export const GEMINI_SESSION = 'c387bcfc-fd94-44ca-bb6b-d7f775af48d6';

interface CodexCall {
  readonly id: string;
  readonly command: string;
  readonly output: string;
  readonly code?: number;
}

const FIRST_MS = Date.parse('2026-11-28T07:56:01.000Z');

/** When the line at this index was written. */
export function writtenAt(line: number): number {
  return FIRST_MS + line * 1_000;
}

const stamp = (line: number) => new Date(writtenAt(line)).toISOString();

/** A rollout of one turn: its head, a prompt, calls of the shell with their output, and the last words. */
export function codexRollout(prompt: string, calls: readonly CodexCall[], answer: string, turn = CODEX_TURN): string[] {
  const passed = { internal_chat_message_metadata_passthrough: { turn_id: turn } };
  const lines: [type: string, payload: object][] = [
    ['session_meta', { id: CODEX_SESSION, cwd: '/work', cli_version: '0.169.0' }],
    ['event_msg', { type: 'task_started', turn_id: turn }],
    [
      'response_item',
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: '<environment_context>' }] },
    ],
    [
      'event_msg',
      {
        type: 'item_completed',
        turn_id: turn,
        item: { type: 'UserMessage', content: [{ type: 'text', text: prompt }] },
      },
    ],
    ...calls.flatMap(({ id, command, output, code = 0 }): [string, object][] => [
      [
        'response_item',
        {
          type: 'function_call',
          name: 'exec_command',
          arguments: JSON.stringify({ cmd: command }),
          call_id: id,
          ...passed,
        },
      ],
      ['response_item', { type: 'function_call_output', call_id: id, output: framed(output, code), ...passed }],
    ]),
    ['event_msg', { type: 'token_count', info: null }],
    ['event_msg', { type: 'task_complete', turn_id: turn, last_agent_message: answer }],
  ];
  return lines.map(([type, payload], ordinal) => JSON.stringify({ timestamp: stamp(ordinal), ordinal, type, payload }));
}

function framed(output: string, code: number): string {
  return `Chunk ID: feebcb\nWall time: 0.0000 seconds\nProcess exited with code ${String(code)}\nOriginal token count: 4\nOutput:\n${output}`;
}

/** The head of a chat of Gemini CLI. */
export const GEMINI_HEAD = { sessionId: GEMINI_SESSION, projectHash: '97158282', kind: 'main' };

/** Messages of one turn: what the program says itself, a prompt, commands with their output, and the last words. */
export function geminiMessages(prompt: string, calls: readonly CodexCall[], answer: string): object[] {
  const user = (id: string, line: number, text: string) => ({
    id,
    timestamp: stamp(line),
    type: 'user',
    content: [{ text }],
  });
  return [
    user('m-context', 0, '<session_context>\nThis is the Gemini CLI.\n</session_context>'),
    user('m-prompt', 1, prompt),
    ...calls.map(({ id, command, output, code = 0 }, n) => {
      const failed = code === 0 ? '' : `Exit Code: ${String(code)}\n`;
      const shown = `<untrusted_context>\nOutput: ${output}\n${failed}Process Group PGID: 7\n</untrusted_context>`;
      const result = [{ functionResponse: { id, name: 'run_shell_command', response: { output: shown } } }];
      const timestamp = stamp(2 + n);
      const call = { id, name: 'run_shell_command', args: { command }, result, status: 'success', timestamp };
      return { id: `m-${id}`, timestamp, type: 'gemini', content: 'I look.', toolCalls: [call] };
    }),
    { id: 'm-answer', timestamp: stamp(2 + calls.length), type: 'gemini', content: answer },
  ];
}

/** As lines: a message that calls tools stands there twice, first without its calls, and its results once more. */
export function geminiChat(messages: readonly object[]): string[] {
  const lines = messages.flatMap((message): object[] => {
    if (!('toolCalls' in message)) return [message, { $set: { lastUpdated: stamp(0) } }];
    const { toolCalls, ...said } = message as { toolCalls: readonly { result: unknown }[] };
    return [said, message, { id: 'm-result', type: 'user', timestamp: stamp(0), content: toolCalls[0]?.result }];
  });
  return [GEMINI_HEAD, ...lines].map((line) => JSON.stringify(line));
}
