/** A scripted Claude Code, run as JavaScript. See script.ts for `--habits JSON` and for prompts. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Failure, Habits, Step, Tool } from './script.js';

/** What only this one does in a turn. */
interface ClaudeStep extends Step {
  /** A message as it is. */
  readonly tell?: object;
  /** Ends the turn, and takes words said into it in a turn of its own afterwards. */
  readonly later?: boolean;
}

interface Message {
  readonly type: string;
  readonly request_id?: string;
  readonly request?: { readonly subtype: string };
  readonly message?: { readonly content: readonly [{ readonly text: string }] };
  readonly response?: { readonly request_id: string; readonly response?: Reply; readonly error?: string };
}

interface Reply {
  readonly behavior?: 'allow' | 'deny';
  readonly message?: string;
  readonly updatedPermissions?: readonly unknown[];
}

interface Turn {
  isOver: boolean;
}

const after = (flag: string) => {
  const at = process.argv.indexOf(flag);
  return at === -1 ? undefined : process.argv[at + 1];
};
const habits = JSON.parse(after('--habits') ?? '{}') as Habits;
const session_id = after('--session-id') ?? after('--resume');
const lives = habits.stubborn === true || habits.endless === true;
if (habits.stubborn === true) process.on('SIGTERM', () => undefined);
if (lives) setInterval(() => undefined, 60_000);
if (habits.forgetful === true && process.argv.includes('--resume')) {
  process.stderr.write(`No conversation found with session ID: ${String(session_id)}\n`);
  process.exit(1);
}

let written = 0;
let turns = 0;
let asked = 0;
let current: Turn | null = null;
let wordsInto: ((text: string) => void) | null = null;
const said: string[] = [];
const waiting = new Map<string, (reply: Reply) => void>();
const allowed = new Set<string>();

function write(message: object): void {
  written += 1;
  if (habits.dieAt === written) process.exit(3);
  process.stdout.write(
    `${JSON.stringify({ ...message, session_id, ...(habits.future === true && { era: 'new' }) })}\n`,
  );
}

createInterface({ input: process.stdin })
  .on('line', (line) => take(JSON.parse(line) as Message))
  .on('close', () => {
    if (!lives) process.exit(0);
  });

function take({ type, request_id, request, message, response }: Message): void {
  if (type === 'user') hear(message?.content[0].text ?? '');
  if (type === 'control_request') void obey(request_id, request?.subtype);
  if (type === 'control_response' && response !== undefined) {
    waiting.get(response.request_id)?.(response.response ?? {});
    waiting.delete(response.request_id);
  }
}

async function obey(request_id: string | undefined, subtype: string | undefined): Promise<void> {
  if (subtype === 'initialize' && habits.mute === true) return;
  if (subtype === 'initialize' && habits.early === true) await ask({ subtype: 'hook_callback' });
  if (subtype === 'interrupt' && habits.stubborn === true) return;
  write({ type: 'control_response', response: { subtype: 'success', request_id, response: { still_queued: [] } } });
  if (subtype !== 'interrupt' || current === null) return;
  tellUser([{ type: 'text', text: '[Request interrupted by user]' }]);
  end(current, { subtype: 'error_during_execution', is_error: false, errors: ['aborted'] });
}

function hear(text: string): void {
  if (current === null) void run(text);
  else if (wordsInto !== null) wordsInto(text);
  else said.push(text);
}

async function run(text: string): Promise<void> {
  const turn: Turn = { isOver: false };
  current = turn;
  turns += 1;
  write({ type: 'system', subtype: 'init', claude_code_version: habits.future === true ? '99.0.0' : '9.9.9' });
  const steps = text.startsWith('[') ? (JSON.parse(text) as ClaudeStep[]) : [{ say: `You said: ${text}` }];
  let last = '';
  for (const [index, step] of steps.entries()) {
    if (isOver(turn)) return;
    if (!(await act(step, turn, `toolu_${String(turns)}_${String(index)}`))) return;
    last = step.say ?? last;
  }
  end(turn, { subtype: 'success', is_error: false, result: last });
}

/** A call, because it changes while the turn waits. */
function isOver(turn: Turn): boolean {
  return turn.isOver;
}

function end(turn: Turn, result: object): void {
  if (turn.isOver) return;
  turn.isOver = true;
  current = null;
  const modelUsage = { scripted: { inputTokens: 100 * turns, outputTokens: 20 * turns } };
  write({ type: 'result', modelUsage, total_cost_usd: turns / 100, queued_turn_count: said.length, ...result });
  const next = said.shift();
  if (next !== undefined) void run(next);
}

/** False when the turn goes no further. */
async function act(step: ClaudeStep, turn: Turn, id: string): Promise<boolean> {
  if (step.say !== undefined) tell([{ type: 'text', text: step.say }]);
  if (step.think !== undefined) tell([{ type: 'thinking', thinking: step.think }]);
  if (step.tool !== undefined) useTool(step.tool);
  if (step.ask !== undefined) await askLeave(step.ask);
  if (step.line !== undefined) process.stdout.write(`${step.line}\n`);
  if (step.half !== undefined) process.stdout.write(step.half);
  if (step.news !== undefined) write({ type: step.news, mood: 'new' });
  if (step.tell !== undefined) write(step.tell);
  if (step.long !== undefined) useTool({ id, command: 'long', output: 'x'.repeat(step.long) });
  for (let piece = 0; piece < (step.flood ?? 0); piece += 1) tell([{ type: 'text', text: String(piece) }]);
  if (step.fork !== undefined) {
    spawn('setsid', ['sh', '-c', `echo $$ > ${step.fork}; exec sleep 1000`], { stdio: 'ignore', detached: true });
  }
  if (step.steered === true) tell([{ type: 'text', text: await wordsIn() }]);
  if (step.later === true && said.length === 0) said.push(await wordsIn());
  if (step.die !== undefined) {
    process.stderr.write('the last words\n');
    process.exit(step.die);
  }
  if (step.fail !== undefined) fail(step.fail, turn);
  return step.hang !== true && step.fail === undefined;
}

async function wordsIn(): Promise<string> {
  const words = await new Promise<string>((resolve) => {
    wordsInto = resolve;
  });
  wordsInto = null;
  return words;
}

function fail(how: Failure, turn: Turn): void {
  const failed = { subtype: 'success', is_error: true };
  if (how === 'api') end(turn, { ...failed, api_error_status: 529, result: 'API Error: 529 overloaded' });
  if (how === 'sign-in') end(turn, { ...failed, result: 'Invalid API key · Please run /login' });
  if (how !== 'limit') return;
  write({ type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: 2_000_000_000 } });
  end(turn, { ...failed, api_error_status: 429, result: 'You have hit your limit' });
}

function tell(content: readonly object[]): void {
  write({ type: 'assistant', message: { role: 'assistant', content } });
}

function tellUser(content: readonly object[]): void {
  write({ type: 'user', message: { role: 'user', content } });
}

function useTool({ id, command, output = 'done' }: Tool): void {
  tell([{ type: 'tool_use', id, name: 'Bash', input: { command } }]);
  tellUser([{ type: 'tool_result', tool_use_id: id, content: output }]);
}

async function askLeave({ twice = false, ...tool }: NonNullable<Step['ask']>): Promise<void> {
  const { id, command, output = 'done' } = tool;
  if (allowed.has(command)) {
    useTool(tool);
    return;
  }
  const input = { command };
  tell([{ type: 'tool_use', id, name: 'Bash', input }]);
  const permission_suggestions = [{ type: 'addRules', rules: [{ toolName: 'Bash' }], destination: 'localSettings' }];
  const request = { subtype: 'can_use_tool', tool_name: 'Bash', tool_use_id: id, input, permission_suggestions };
  const { behavior, message, updatedPermissions = [] } = await ask(request, twice ? 2 : 1);
  if (updatedPermissions.length > 0) allowed.add(command);
  const isAllowed = behavior === 'allow';
  const content = isAllowed ? output : (message ?? 'no');
  tellUser([{ type: 'tool_result', tool_use_id: id, content, is_error: !isAllowed }]);
}

function ask(request: object, times = 1): Promise<Reply> {
  asked += 1;
  const request_id = `ask-${String(asked)}`;
  return new Promise((resolve) => {
    waiting.set(request_id, resolve);
    for (let time = 0; time < times; time += 1) write({ type: 'control_request', request_id, request });
  });
}
