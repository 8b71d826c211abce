/**
 * Plays the agent's side of a recorded ACP conversation: `node acp-replay.mjs RECORDING`. It waits for what the client
 * said then, whatever its ids are now, and says what the agent said.
 *
 * @typedef {{ id?: string | number | undefined, method?: string }} Message
 * @typedef {{ dir: string, msg: Message }} Step
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** @type {(line: string) => Step} */
const parseStep = JSON.parse;
/** @type {(line: string) => Message} */
const parseMessage = JSON.parse;

const lines = readFileSync(process.argv[2] ?? '', 'utf8')
  .trimEnd()
  .split('\n');
const steps = lines.map((line) => parseStep(line)).filter(({ dir }) => dir === 'to_agent' || dir === 'from_agent');
/** Requests that only the program asked that made the recording. */
const LEFT_OUT = new Set(['session/list', 'session/load', 'session/close']);
/** The client's ids: then → now. @type {Map<unknown, string | number | undefined>} */
const ids = new Map();
let at = 0;

function say() {
  for (let step = steps[at]; step?.dir === 'from_agent'; step = steps[at]) {
    const { msg } = step;
    const id = msg.method === undefined ? ids.get(msg.id) : msg.id;
    process.stdout.write(`${JSON.stringify(msg.id === undefined ? msg : { ...msg, id })}\n`);
    at += 1;
  }
}

/** @type {Message[]} */
const heard = [];
for await (const line of createInterface({ input: process.stdin })) {
  heard.push(parseMessage(line));
  while (heard.length > 0) {
    say();
    const expected = steps[at]?.msg;
    if (expected === undefined || LEFT_OUT.has(expected.method ?? '')) break;
    const { method, id } = expected;
    // What was answered and what was asked can come in another order than then.
    const found = heard.findIndex(
      (message) => message.method === method && (method !== undefined || message.id === id),
    );
    if (found < 0) break;
    const [message] = heard.splice(found, 1);
    if (method !== undefined && id !== undefined) ids.set(id, message?.id);
    at += 1;
    say();
  }
}
