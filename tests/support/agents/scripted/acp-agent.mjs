/**
 * An ACP agent that does what its argument says: `node acp-agent.mjs SCRIPT`, where SCRIPT is the JSON of a `Script`; or,
 * after `--habits`, of what script.ts has, and prompts are as there. A turn that a Script does not have does what its
 * prompt says, which is then a JSON list of `Op`.
 *
 * @typedef {import('./script.js').Step} Step
 * @typedef {import('./script.js').Habits} Habits
 * @typedef {{ op: 'say' | 'think' | 'echo' | 'wait' | 'until' | 'touch' | 'die' | 'raw' | 'half' | 'fork' | 'stop' | 'fail' | 'tool' | 'ask' | 'ask-for' | 'flood' | 'long' | 'hang' | 'update' | 'refused',
 *   text?: string, id?: string, count?: number, code?: number, data?: unknown, body?: Record<string, unknown> }} Op
 * @typedef {{ turns: Op[][], version?: number, silentAt?: string, dieAt?: string, signedOut?: boolean, early?: boolean, dieBefore?: number,
 *   load?: 'takes' | 'refuses', ignoresTerm?: boolean }} Script
 * @typedef {{ id?: string | number, method?: string, params?: { sessionId?: string, prompt?: { text: string }[] }, result?: { outcome?: { outcome: string, optionId?: string } }, error?: { code: number } }} Message
 */
import { spawn } from 'node:child_process';
import { existsSync, watch, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** @type {(text: string) => Script} */
const parseScript = JSON.parse;
/** @type {(text: string) => Habits} */
const parseHabits = JSON.parse;
/** @type {(text: string) => Step[]} */
const parseSteps = JSON.parse;
/** @type {(text: string) => Op[]} */
const parseOps = JSON.parse;
/** @type {(text: string) => Message} */
const parseMessage = JSON.parse;

const { script, habits } = readArguments();
let turn = 0;
let asked = 0;
let sessions = 0;
let told = 0;
let isCancelled = false;
/** @type {Map<unknown, (answer: string) => void>} */
const waiting = new Map();
/** Commands that need no leave any more. @type {Set<string>} */
const allowed = new Set();
if (script.ignoresTerm === true) process.on('SIGTERM', () => undefined);

/** @returns {{ script: Script, habits: Habits | null }} */
function readArguments() {
  if (process.argv[2] !== '--habits') return { script: parseScript(process.argv[2] ?? ''), habits: null };
  const habits = parseHabits(process.argv[3] ?? '{}');
  const { mute, future, early, stubborn, forgetful, dieAt } = habits;
  /** @type {Script} */
  const script = {
    turns: [],
    load: forgetful === true ? 'refuses' : 'takes',
    ...(mute === true && { silentAt: 'initialize' }),
    ...(future === true && { version: 2 }),
    ...(early === true && { early }),
    ...(stubborn === true && { ignoresTerm: true }),
    ...(dieAt !== undefined && { dieBefore: dieAt }),
  };
  return { script, habits };
}

/** What a prompt wants, as operations. @param {string} prompt @returns {Op[]} */
function opsOf(prompt) {
  if (!prompt.startsWith('[')) return [{ op: 'say', text: `You said: ${prompt}` }];
  return parseSteps(prompt).flatMap((step, index) => opsOfStep(step, `call-${turn}-${index}`));
}

/** @param {Step} step @param {string} id @returns {Op[]} */
function opsOfStep({ say, think, tool, ask, line, half, news, long, flood, fork, hang, die, fail }, id) {
  /** @type {Op[]} */
  const ops = [];
  if (say !== undefined) ops.push({ op: 'say', text: say });
  if (think !== undefined) ops.push({ op: 'think', text: think });
  if (tool !== undefined) ops.push({ op: 'tool', id: tool.id, text: tool.command, data: tool.output });
  if (ask !== undefined) ops.push({ op: 'ask-for', id: ask.id, text: ask.command, count: ask.twice === true ? 2 : 1 });
  if (line !== undefined) ops.push({ op: 'raw', text: `${line}\n` });
  if (half !== undefined) ops.push({ op: 'raw', text: half });
  if (news !== undefined) ops.push({ op: 'update', body: { sessionUpdate: news } });
  if (long !== undefined) ops.push({ op: 'long', id, count: long });
  if (flood !== undefined) ops.push({ op: 'flood', count: flood });
  if (fork !== undefined) ops.push({ op: 'fork', text: fork });
  if (hang === true) ops.push({ op: habits?.stubborn === true ? 'hang' : 'wait' });
  if (die !== undefined) ops.push({ op: 'die', code: die, text: 'the last words\n' });
  if (fail === 'limit') ops.push({ op: 'fail', code: 429, text: 'Rate limit exceeded, try again in 30 s' });
  if (fail === 'api') ops.push({ op: 'fail', data: { details: 'overloaded' } });
  if (fail === 'sign-in') ops.push({ op: 'fail', text: '401 invalid api key' });
  return ops;
}

/** @param {string} text */
function write(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

/** @param {string} path */
async function appears(path) {
  await new Promise((resolve) => {
    const watcher = watch(dirname(path), look);
    look();
    function look() {
      if (!existsSync(path)) return;
      watcher.close();
      resolve(undefined);
    }
  });
}

/** @param {object} message */
function send(message) {
  if (told + 1 === script.dieBefore) process.exit(3);
  write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  told += 1;
}

/** @param {string | undefined} sessionId @param {object} update */
function tell(sessionId, update) {
  send({ method: 'session/update', params: { sessionId, update } });
}

/** @param {string | undefined} sessionId @param {string} text */
function say(sessionId, text) {
  tell(sessionId, { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
}

/** @param {string | undefined} sessionId @param {Op} op @param {number} id @returns {Promise<string>} */
function ask(sessionId, op, id) {
  const options = [
    { optionId: 'always', kind: 'allow_always', name: 'Always' },
    { optionId: 'once', kind: 'allow_once', name: 'Once' },
    { optionId: 'no', kind: 'reject_once', name: 'No' },
  ];
  const toolCall = { toolCallId: op.id ?? 'call', title: op.text ?? 'touch it', kind: 'execute', status: 'pending' };
  send({ id, method: 'session/request_permission', params: { sessionId, toolCall, options } });
  return new Promise((resolve) => {
    waiting.set(id, resolve);
  });
}

/** @param {string | undefined} sessionId @param {Op} op @param {Message} request */
async function play(sessionId, op, request) {
  const text = op.text ?? '';
  switch (op.op) {
    case 'say': {
      say(sessionId, text);
      return;
    }
    case 'think': {
      tell(sessionId, { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } });
      return;
    }
    case 'echo': {
      say(sessionId, `${process.pid} ${request.params?.prompt?.[0]?.text ?? ''}`);
      return;
    }
    case 'update': {
      tell(op.text ?? sessionId, op.body ?? {});
      return;
    }
    case 'raw': {
      write(text);
      return;
    }
    case 'half': {
      write('{"jsonrpc":"2.0","method":"session/up');
      return;
    }
    case 'tool':
      tell(sessionId, {
        sessionUpdate: 'tool_call',
        toolCallId: op.id,
        title: 'bash',
        kind: 'execute',
        status: 'in_progress',
        rawInput: { command: text },
      });
      {
        tell(sessionId, {
          sessionUpdate: 'tool_call_update',
          toolCallId: op.id,
          status: 'completed',
          rawOutput: op.data ?? `ran ${text}`,
        });
        return;
      }
    case 'ask': {
      const answer = await ask(sessionId, op, asked++);
      say(sessionId, `[${answer}]`);
      return;
    }
    case 'ask-for': {
      const id = op.id ?? 'call';
      const rawInput = { command: text };
      tell(sessionId, { sessionUpdate: 'tool_call', toolCallId: id, title: text, kind: 'execute', rawInput });
      const number = asked++;
      const answers = Array.from({ length: op.count ?? 1 }, () =>
        allowed.has(text) ? 'once' : ask(sessionId, op, number),
      );
      const answer = await answers.at(-1);
      if (answer === 'always') allowed.add(text);
      const status = answer === 'always' || answer === 'once' ? 'completed' : 'failed';
      tell(sessionId, { sessionUpdate: 'tool_call_update', toolCallId: id, status, rawOutput: 'done' });
      return;
    }
    case 'flood':
      for (let n = 0; n < (op.count ?? 0); n += 1) say(sessionId, `${n} `);
      return;
    case 'long': {
      tell(sessionId, {
        sessionUpdate: 'tool_call_update',
        toolCallId: op.id,
        title: 'read',
        status: 'completed',
        rawInput: { path: 'big' },
        rawOutput: 'x'.repeat(op.count ?? 0),
      });
      return;
    }
    case 'fork':
      if (text !== '') {
        spawn('setsid', ['sh', '-c', `echo $$ > ${text}; exec sleep 1000`], { detached: true, stdio: 'ignore' });
        return;
      }
      spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).unref();
      return;
    case 'touch':
      writeFileSync(text, '');
      return;
    case 'until':
      await appears(op.text ?? '');
      return;
    case 'wait':
      if (isCancelled) return;
      await new Promise((resolve) => {
        waiting.set('cancel', resolve);
      });
      return;
    case 'refused':
      // As opencode's log tells it.
      process.stderr.write(
        `timestamp=${new Date().toISOString()} level=ERROR run=1 message="stream error" session.id=${sessionId} small=false agent=build error.error="AI_APICallError: ${text}"\n`,
      );
      return;
    case 'hang':
      await new Promise(() => undefined);
      return;
    case 'die':
      process.stderr.write(text);
      return process.exit(op.code ?? 1);
    case 'fail':
    case 'stop':
      return;
  }
}

/** @param {string} prompt @returns {Op[]} */
function toldOps(prompt) {
  return prompt.startsWith('[') ? parseOps(prompt) : [];
}

/** Asked by a function, because it changes while the turn waits. */
const wasCancelled = () => isCancelled;

/** @param {Message} request */
async function prompt(request) {
  isCancelled = false;
  turn += 1;
  const { id } = request;
  const said = request.params?.prompt?.[0]?.text ?? '';
  const ops = habits === null ? (script.turns[turn - 1] ?? toldOps(said)) : opsOf(said);
  for (const op of ops) {
    if (op.op === 'fail') {
      send({ id, error: { code: op.code ?? -32603, message: op.text ?? 'Internal error', data: op.data } });
      return;
    }
    if (op.op === 'stop') {
      send({ id, result: { stopReason: op.text } });
      return;
    }
    await play(request.params?.sessionId, op, request);
  }
  send({
    id,
    result: { stopReason: wasCancelled() ? 'cancelled' : 'end_turn', usage: { inputTokens: 10, outputTokens: 2 } },
  });
}

/** @param {Message['id']} id */
function answerGreeting(id) {
  const agentCapabilities = { loadSession: script.load !== undefined, sessionCapabilities: {} };
  const agentInfo = { name: 'scripted', version: '1.2.3' };
  send({ id, result: { protocolVersion: script.version ?? 1, agentInfo, agentCapabilities } });
}

/** @param {Message} message */
function hear(message) {
  const { id, method } = message;
  if (method !== undefined && method === script.silentAt) return;
  if (method !== undefined && method === script.dieAt) {
    process.stderr.write('a last word\n');
    process.exit(5);
  }
  switch (method) {
    case 'initialize': {
      if (script.early === true) {
        send({ id: 'early', method: '_vendor/ask', params: {} });
        waiting.set('early', () => answerGreeting(id));
      } else answerGreeting(id);
      return;
    }
    case 'session/new':
      if (script.signedOut === true) {
        send({ id, error: { code: -32000, message: 'Authentication required' } });
        return;
      }
      sessions += 1;
      {
        send({ id, result: { sessionId: `made-${process.pid}-${sessions}` } });
        return;
      }
    case 'session/load':
      if (script.load === 'refuses') {
        send({ id, error: { code: -32603, message: 'Internal error', data: { details: 'no such session' } } });
        return;
      }
      say(message.params?.sessionId, 'what was said long ago');
      send({ id, result: {} });
      // Like Gemini, it tells the rest a little later.
      setTimeout(() => say(message.params?.sessionId, 'what was said last'), 20);
      return;
    case 'session/prompt':
      void prompt(message);
      return;
    case 'session/cancel':
      isCancelled = true;
      waiting.get('cancel')?.('cancelled');
      return;
    case undefined: {
      const { outcome } = message.result ?? {};
      const answer = outcome?.optionId ?? outcome?.outcome ?? `error ${message.error?.code ?? 0}`;
      waiting.get(id)?.(answer);
      return;
    }
    default:
      if (id !== undefined) send({ id, error: { code: -32601, message: 'Method not found' } });
  }
}

for await (const line of createInterface({ input: process.stdin })) hear(parseMessage(line));
// Like Gemini, it does not end with its input.
setInterval(() => undefined, 60_000);
