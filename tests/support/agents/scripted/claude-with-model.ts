/**
 * A scripted Claude Code that asks a model over HTTP, as the real one does, and runs what it wants run. `--habits JSON`
 * says how it behaves at large; it is run as JavaScript.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

interface Habits {
  /** Never answers `initialize`. */
  readonly mute?: boolean;
  /** Ends at once. */
  readonly broken?: boolean;
  /** Takes the prompt and says nothing more; the end of its input and SIGTERM too leave it alone. */
  readonly hangs?: boolean;
  /** Writes as a version to come might: a message of a new kind, results under another name, and no usage. */
  readonly changed?: boolean;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: { readonly command?: string };
}

const VERSION = '9.9.9';
const word = (flag: string) => process.argv[process.argv.indexOf(flag) + 1] ?? '';
const habits = JSON.parse(word('--habits')) as Habits;
const sessionId = word('--session-id');
let onAnswer = (): void => undefined;
if (process.argv.includes('--version')) {
  process.stdout.write(`${VERSION} (Claude Code)\n`);
  process.exit(0);
}
if (habits.broken === true) {
  process.stderr.write('its heart is broken\n');
  process.exit(7);
}
if (habits.hangs === true) {
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 60_000);
}

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify({ session_id: sessionId, ...message })}\n`);
}

async function ask(messages: readonly object[]): Promise<readonly Block[]> {
  const { ANTHROPIC_BASE_URL = '', ANTHROPIC_API_KEY = '' } = process.env;
  const tools = [{ name: 'Bash', input_schema: { type: 'object', properties: { command: { type: 'string' } } } }];
  const answer = await fetch(`${ANTHROPIC_BASE_URL}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': ANTHROPIC_API_KEY },
    body: JSON.stringify({ model: 'scripted', max_tokens: 1_000, tools, messages }),
  });
  return ((await answer.json()) as { content: readonly Block[] }).content;
}

/** Asks for leave, which is given before the next prompt. */
async function run({ id, name, input }: Block): Promise<string> {
  const request = { subtype: 'can_use_tool', tool_name: name, tool_use_id: id, input, permission_suggestions: [] };
  const answered = new Promise<void>((resolve) => {
    onAnswer = resolve;
  });
  tell({ type: 'control_request', request_id: 'leave', request });
  await answered;
  return execFileSync('/bin/sh', ['-c', input?.command ?? 'false'], { encoding: 'utf8' });
}

async function turn(content: unknown): Promise<void> {
  tell({ type: 'system', subtype: 'init', claude_code_version: VERSION });
  if (habits.hangs === true) return;
  // As the real one keeps its settings there.
  const settings = join(process.env['HOME'] ?? '', '.claude.json');
  if (!existsSync(settings)) writeFileSync(settings, '{}');
  const messages: object[] = [{ role: 'user', content }];
  for (;;) {
    const blocks = await ask(messages);
    messages.push({ role: 'assistant', content: blocks });
    tell({ type: 'assistant', message: { role: 'assistant', content: blocks } });
    const used = blocks.filter(({ type }) => type === 'tool_use');
    if (used.length === 0) {
      const result = blocks.map(({ text = '' }) => text).join('');
      const figures = { scripted: { inputTokens: 200, outputTokens: 40 } };
      if (habits.changed === true) tell({ type: 'mood', mood: 'new' });
      tell({ type: 'result', subtype: 'success', is_error: false, result, modelUsage: habits.changed ? {} : figures });
      return;
    }
    const type = habits.changed === true ? 'tool_outcome' : 'tool_result';
    const results: object[] = [];
    for (const block of used) results.push({ type, tool_use_id: block.id, content: await run(block) });
    messages.push({ role: 'user', content: results });
    tell({ type: 'user', message: { role: 'user', content: results } });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as { type: string; request_id?: string; message?: { content: unknown } };
  if (message.type === 'user') void turn(message.message?.content);
  else if (message.type === 'control_response') onAnswer();
  else if (message.type === 'control_request' && habits.mute !== true) {
    tell({ type: 'control_response', response: { subtype: 'success', request_id: message.request_id, response: {} } });
  }
}
