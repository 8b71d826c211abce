/**
 * An ACP agent that does a small turn at once, and says at its end how long that took it, in milliseconds: two pieces of
 * text, a tool call with its result, the time. With a number for a prompt it does nothing for so many milliseconds.
 *
 * @typedef {{ id?: string | number, method?: string, params?: { sessionId?: string, prompt?: { text: string }[] } }} Message
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** @type {(text: string) => Message} */
const parseMessage = JSON.parse;
let sessions = 0;

/** @param {object} message */
function send(message) {
  writeSync(1, `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** @param {string | undefined} sessionId @param {object} update */
function tell(sessionId, update) {
  send({ method: 'session/update', params: { sessionId, update } });
}

/** @param {string | undefined} sessionId @param {string} text */
function say(sessionId, text) {
  tell(sessionId, { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const begin = performance.now();
  const { id, method, params } = parseMessage(line);
  const sessionId = params?.sessionId;
  if (method === 'initialize') {
    send({ id, result: { protocolVersion: 1, agentCapabilities: {}, agentInfo: { name: 'timed', version: '1.0.0' } } });
  } else if (method === 'session/new') {
    sessions += 1;
    send({ id, result: { sessionId: `timed-${String(process.pid)}-${String(sessions)}` } });
  } else if (method === 'session/prompt' && Number(params?.prompt?.[0]?.text) > 0) {
    setTimeout(() => send({ id, result: { stopReason: 'end_turn' } }), Number(params?.prompt?.[0]?.text));
  } else if (method === 'session/prompt') {
    say(sessionId, 'Looking. ');
    const call = { toolCallId: `call-${String(id)}`, title: 'bash', kind: 'execute', rawInput: { command: 'ls' } };
    tell(sessionId, { sessionUpdate: 'tool_call', ...call, status: 'in_progress' });
    const result = { toolCallId: call.toolCallId, status: 'completed', rawOutput: 'README.md' };
    tell(sessionId, { sessionUpdate: 'tool_call_update', ...result });
    say(sessionId, `Done in ${String(performance.now() - begin)} ms`);
    send({ id, result: { stopReason: 'end_turn', usage: { inputTokens: 10, outputTokens: 2 } } });
  } else if (id !== undefined) {
    send({ id, error: { code: -32601, message: 'Method not found' } });
  }
});
