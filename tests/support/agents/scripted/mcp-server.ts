/**
 * A scripted MCP server with the tools `ask`, which does what its question says, and `other`, which needs two arguments.
 * Run as JavaScript; see script.ts for `--habits JSON` and for questions.
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Habits, Step } from './script.js';

interface McpHabits extends Habits {
  /** Appends the methods that it is sent to this file. */
  readonly log?: string;
}

/** What only this one does in a call. */
interface McpStep extends Step {
  readonly progress?: { readonly progress: number; readonly total?: number; readonly message?: string };
  readonly tell?: { readonly method: string; readonly params: object };
  readonly result?: object;
  readonly refuse?: { readonly code: number; readonly message: string };
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: {
    readonly arguments?: { readonly question?: string };
    readonly _meta?: { readonly progressToken?: number };
  };
}

const at = process.argv.indexOf('--habits');
const habits = JSON.parse(at === -1 ? '{}' : (process.argv[at + 1] ?? '{}')) as McpHabits;
if (habits.stubborn === true) process.on('SIGTERM', () => undefined);
let written = 0;
let greeting: number | string | undefined;

function write(message: object): void {
  written += 1;
  if (habits.dieAt === written) process.exit(3);
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

createInterface({ input: process.stdin })
  .on('line', (line) => take(JSON.parse(line) as Message))
  .on('close', () => {
    if (habits.stubborn !== true) process.exit(0);
  });
if (habits.stubborn === true) setInterval(() => undefined, 60_000);

const string = { type: 'string' };
const TOOLS = [
  { name: 'ask', inputSchema: { type: 'object', properties: { question: string, depth: { type: 'number' } } } },
  { name: 'other', inputSchema: { type: 'object', properties: { a: string, b: string }, required: ['a', 'b'] } },
];

function take({ id, method, params }: Message): void {
  if (habits.log !== undefined) appendFileSync(habits.log, `${method ?? 'answer'}\n`);
  switch (method) {
    case undefined:
      if (id === 'early') answerGreeting();
      return;
    case 'initialize':
      if (habits.mute === true) return;
      greeting = id;
      if (habits.early === true) write({ id: 'early', method: 'future/question' });
      else answerGreeting();
      return;
    case 'tools/list':
      write({ id, result: { tools: TOOLS } });
      return;
    case 'tools/call':
      run(id, params?.arguments?.question ?? '', params?._meta?.progressToken);
      return;
    default:
  }
}

function answerGreeting(): void {
  write({
    id: greeting,
    result: {
      protocolVersion: habits.future === true ? '2999-01-01' : '2025-06-18',
      capabilities: { tools: {}, logging: {}, future: {} },
      serverInfo: { name: 'scripted', version: '1' },
    },
  });
}

/** What the call is answered with by this step; undefined when it goes on. */
function resultOf({ result, fail, long }: McpStep): object | undefined {
  if (long !== undefined) return { content: [{ type: 'text', text: 'x'.repeat(long) }] };
  if (fail === undefined) return result;
  return { content: [{ type: 'text', text: `a fault: ${fail}` }], isError: true };
}

function run(id: number | string | undefined, question: string, progressToken: number | undefined): void {
  const steps = question.startsWith('[') ? (JSON.parse(question) as McpStep[]) : [];
  let last = `You said: ${question}`;
  for (const step of steps) {
    if (step.progress !== undefined) {
      write({ method: 'notifications/progress', params: { progressToken, ...step.progress } });
    }
    if (step.say !== undefined) {
      last = step.say;
      write({ method: 'notifications/progress', params: { progressToken, progress: 1, message: step.say } });
    }
    if (step.tell !== undefined) write(step.tell);
    if (step.news !== undefined) write({ method: `notifications/${step.news}`, params: {} });
    if (step.half !== undefined) process.stdout.write(step.half);
    if (step.line !== undefined) process.stdout.write(`${step.line}\n`);
    for (let line = 1; line <= (step.flood ?? 0); line += 1) {
      write({
        method: 'notifications/progress',
        params: { progressToken, progress: line, message: String(line - 1) },
      });
    }
    if (step.fork !== undefined) {
      spawn('setsid', ['sh', '-c', `echo $$ > ${step.fork}; exec sleep 1000`], { stdio: 'ignore', detached: true });
    }
    if (step.hang === true) return;
    if (step.die !== undefined) {
      process.stderr.write('the last words\n');
      process.exit(step.die);
    }
    const result = resultOf(step);
    if (step.refuse === undefined && result === undefined) continue;
    write({ id, ...(step.refuse === undefined ? { result } : { error: step.refuse }) });
    return;
  }
  write({ id, result: { content: [{ type: 'text', text: last }] } });
}
