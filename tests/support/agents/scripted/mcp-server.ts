/**
 * A scripted MCP server with the tools `ask`, which does what its question says, and `other`, which needs two arguments.
 * `--habits JSON` says how it behaves at large. A question that is a JSON list is done step by step; any other is repeated.
 */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

interface Habits {
  /** Never answers `initialize`. */
  readonly mute?: boolean;
  /** Speaks this version of the protocol. */
  readonly protocol?: string;
  /** Ignores SIGTERM and the end of its input. */
  readonly stubborn?: boolean;
  /** Ends before it writes this message, counted from 1. */
  readonly dieAt?: number;
  /** Appends the methods that it is sent to this file. */
  readonly log?: string;
}

interface Step {
  readonly progress?: { readonly progress: number; readonly total?: number; readonly message?: string };
  readonly tell?: { readonly method: string; readonly params: object };
  readonly line?: string;
  readonly flood?: number;
  /** Starts a program in a session of its own, which writes its pid there. */
  readonly fork?: string;
  readonly hang?: boolean;
  readonly die?: number;
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
const habits = JSON.parse(at === -1 ? '{}' : (process.argv[at + 1] ?? '{}')) as Habits;
if (habits.stubborn === true) process.on('SIGTERM', () => undefined);
let written = 0;

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
    case 'initialize':
      if (habits.mute === true) return;
      write({
        id,
        result: {
          protocolVersion: habits.protocol ?? '2025-06-18',
          capabilities: { tools: {}, logging: {}, future: {} },
          serverInfo: { name: 'scripted', version: '1' },
        },
      });
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

function run(id: number | string | undefined, question: string, progressToken: number | undefined): void {
  const steps = question.startsWith('[') ? (JSON.parse(question) as Step[]) : [];
  for (const step of steps) {
    if (step.progress !== undefined) {
      write({ method: 'notifications/progress', params: { progressToken, ...step.progress } });
    }
    if (step.tell !== undefined) write(step.tell);
    if (step.line !== undefined) process.stdout.write(`${step.line}\n`);
    for (let line = 1; line <= (step.flood ?? 0); line += 1) {
      write({
        method: 'notifications/progress',
        params: { progressToken, progress: line, message: `line ${String(line)}` },
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
    const answer = step.refuse === undefined ? { result: step.result } : { error: step.refuse };
    if (step.refuse === undefined && step.result === undefined) continue;
    write({ id, ...answer });
    return;
  }
  write({ id, result: { content: [{ type: 'text', text: `You asked: ${question}` }] } });
}
