/** A scripted app-server, run as JavaScript. See script.ts for `--habits JSON` and for prompts. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Failure, Habits, Step, Tool } from './script.js';

/** What only this one does in a turn. */
interface CodexStep extends Omit<Step, 'fail'> {
  readonly tell?: { readonly method: string; readonly params: object };
  readonly request?: { readonly method: string; readonly params: object };
  /** Says that it does nothing, and nothing more. */
  readonly idle?: boolean;
  /** Or an error of the protocol. */
  readonly fail?: Failure | object;
}

interface Message {
  readonly id: string | number;
  readonly method?: string;
  readonly params?: { readonly input: readonly [{ readonly text: string }] };
  readonly result?: { readonly decision?: string };
  readonly error?: object;
}

interface RunningTurn {
  readonly id: string;
  readonly steered: Promise<string>;
  steer(text: string): void;
  end(status: string, error?: object | null): void;
}

type Reply = { readonly decision?: string } | { readonly error: object };

const at = process.argv.indexOf('--habits');
const habits = JSON.parse(at === -1 ? '{}' : (process.argv[at + 1] ?? '{}')) as Habits;
if (habits.stubborn === true) process.on('SIGTERM', () => undefined);

const THREAD = '01a1f84d-646a-7d21-a62e-dfb98b0ba82d';
const opened = { thread: { id: THREAD, cliVersion: '9.9.9' }, model: 'scripted' };
let written = 0;
let turns = 0;
let requests = 0;
let current: RunningTurn | null = null;
const waiting = new Map<string | number, (reply: Reply) => void>();
const allowed = new Set<string>();

function write(message: object): void {
  written += 1;
  if (habits.dieAt === written) process.exit(3);
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function tell(method: string, params: object): void {
  write({ method, params: { threadId: THREAD, ...params } });
}

createInterface({ input: process.stdin })
  .on('line', (line) => take(JSON.parse(line) as Message))
  .on('close', () => {
    if (habits.endless !== true && habits.stubborn !== true) process.exit(0);
  });
if (habits.endless === true || habits.stubborn === true) setInterval(() => undefined, 60_000);

function take({ id, method, params, result, error }: Message): void {
  switch (method) {
    case undefined:
      waiting.get(id)?.(error === undefined ? (result ?? {}) : { error });
      waiting.delete(id);
      return;
    case 'initialize':
      if (habits.mute !== true) void greet(id);
      return;
    case 'initialized':
      return;
    case 'thread/start':
      write({ id, result: opened });
      return;
    case 'thread/resume':
      if (habits.forgetful === true) write({ id, error: { code: -32_600, message: 'no rollout found' } });
      else write({ id, result: opened });
      return;
    case 'turn/start':
      void runTurn(id, params?.input[0].text ?? '');
      return;
    case 'turn/steer':
      write({ id, ...(current === null ? { error: { code: -32_600, message: 'no active turn' } } : { result: {} }) });
      current?.steer(params?.input[0].text ?? '');
      return;
    case 'turn/interrupt':
      if (habits.stubborn === true) return;
      write({ id, result: {} });
      current?.end('interrupted');
      return;
    default:
      write({ id, result: {} });
  }
}

async function greet(id: string | number): Promise<void> {
  if (habits.early === true) await ask('future/question', {});
  write({ id, result: { userAgent: 'codewalkers/1.2.3 (scripted)', future: { added: true } } });
}

function openTurn(): RunningTurn {
  turns += 1;
  const id = `turn-${String(turns)}`;
  let steer: (text: string) => void = () => undefined;
  const steered = new Promise<string>((resolve) => {
    steer = resolve;
  });
  const turn: RunningTurn = {
    id,
    steered,
    steer: (text) => steer(text),
    end(status, error = null) {
      if (current !== turn) return;
      current = null;
      tell('turn/completed', { turn: { id, status, error } });
    },
  };
  return turn;
}

async function runTurn(request: string | number, text: string): Promise<void> {
  const turn = openTurn();
  current = turn;
  const { id: turnId } = turn;
  write({ id: request, result: { turn: { id: turnId, status: 'inProgress' } } });
  tell('turn/started', { turn: { id: turnId, status: 'inProgress' } });
  tell('item/completed', { turnId, item: { type: 'userMessage', id: `user-${turnId}`, content: [] } });
  const steps = text.startsWith('[') ? (JSON.parse(text) as CodexStep[]) : [{ say: `You said: ${text}` }];
  for (const [index, step] of steps.entries()) {
    if (current !== turn) return;
    if (!(await act(step, turn, `item-${turnId}-${String(index)}`))) return;
  }
  const total = { inputTokens: 100 * turns, cachedInputTokens: 10 * turns, outputTokens: 20 * turns };
  tell('thread/tokenUsage/updated', { turnId, tokenUsage: { total } });
  turn.end('completed');
}

/** False when the turn goes no further. */
async function act(step: CodexStep, turn: RunningTurn, itemId: string): Promise<boolean> {
  const turnId = turn.id;
  const say = (delta: string) => tell('item/agentMessage/delta', { turnId, itemId, delta });
  if (step.say !== undefined) {
    const half = Math.ceil(step.say.length / 2);
    say(step.say.slice(0, half));
    say(step.say.slice(half));
    tell('item/completed', { turnId, item: { type: 'agentMessage', id: itemId, text: step.say } });
  }
  if (step.think !== undefined) {
    tell('item/completed', { turnId, item: { type: 'reasoning', id: itemId, summary: [step.think] } });
  }
  if (step.tool !== undefined) {
    beginTool(step.tool, turnId);
    endTool(step.tool, turnId, 'completed');
  }
  if (step.ask !== undefined) await askLeave(step.ask, turnId);
  if (step.line !== undefined) process.stdout.write(`${step.line}\n`);
  if (step.half !== undefined) process.stdout.write(step.half);
  if (step.news !== undefined) tell(step.news, { turnId });
  if (step.tell !== undefined) tell(step.tell.method, { turnId, ...step.tell.params });
  if (step.request !== undefined)
    say(JSON.stringify(await ask(step.request.method, { turnId, ...step.request.params })));
  if (step.long !== undefined) {
    const tool = { id: itemId, command: 'long', output: 'x'.repeat(step.long) };
    beginTool(tool, turnId);
    endTool(tool, turnId, 'completed');
  }
  for (let piece = 0; piece < (step.flood ?? 0); piece += 1) say(`${String(piece)}\n`);
  if (step.fork !== undefined) {
    spawn('setsid', ['sh', '-c', `echo $$ > ${step.fork}; exec sleep 1000`], { stdio: 'ignore', detached: true });
  }
  if (step.steered === true) say(await turn.steered);
  if (step.idle === true) tell('thread/status/changed', { status: { type: 'idle' } });
  if (step.die !== undefined) {
    process.stderr.write('the last words\n');
    process.exit(step.die);
  }
  if (typeof step.fail === 'string') fail(step.fail, turn);
  else if (step.fail !== undefined) turn.end('failed', step.fail);
  return step.idle !== true && step.hang !== true && step.fail === undefined;
}

function fail(how: Failure, turn: RunningTurn): void {
  if (how === 'limit') {
    const primary = { usedPercent: 100, resetsAt: 2_000_000_000 };
    tell('account/rateLimits/updated', { rateLimits: { primary, secondary: null, rateLimitReachedType: null } });
  }
  const codexErrorInfo = { limit: 'usageLimitExceeded', api: 'serverOverloaded', 'sign-in': 'unauthorized' }[how];
  turn.end('failed', { message: 'It is over.', codexErrorInfo });
}

function beginTool(tool: Tool, turnId: string): void {
  tell('item/started', { turnId, item: { ...itemOf(tool), status: 'inProgress' } });
}

function endTool(tool: Tool, turnId: string, status: 'completed' | 'declined'): void {
  const done = status === 'completed' ? { aggregatedOutput: tool.output ?? 'done', exitCode: 0 } : {};
  tell('item/completed', { turnId, item: { ...itemOf(tool), status, ...done } });
}

function itemOf({ id, command }: Tool): object {
  return { type: 'commandExecution', id, command: shell(command), aggregatedOutput: null, exitCode: null };
}

function shell(command: string): string {
  return `/bin/bash -lc '${command}'`;
}

async function askLeave(
  { reason = '', twice = false, ...tool }: NonNullable<Step['ask']>,
  turnId: string,
): Promise<void> {
  beginTool(tool, turnId);
  if (allowed.has(tool.command)) {
    endTool(tool, turnId, 'completed');
    return;
  }
  const params = { turnId, itemId: tool.id, command: shell(tool.command), reason };
  const reply = await ask('item/commandExecution/requestApproval', params, twice ? 2 : 1);
  const decision = 'decision' in reply ? reply.decision : '';
  if (decision === 'acceptForSession') allowed.add(tool.command);
  const isAllowed = decision.startsWith('accept');
  endTool(tool, turnId, isAllowed ? 'completed' : 'declined');
}

function ask(method: string, params: object, times = 1): Promise<Reply> {
  const id = requests;
  requests += 1;
  return new Promise((resolve) => {
    waiting.set(id, (reply) => {
      tell('serverRequest/resolved', { requestId: id });
      resolve(reply);
    });
    for (let time = 0; time < times; time += 1) write({ id, method, params: { threadId: THREAD, ...params } });
  });
}
