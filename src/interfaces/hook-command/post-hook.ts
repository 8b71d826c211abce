import { connect } from 'node:net';
import { codeOf } from '../../domain/shared/thrown.js';

/** One event of an agent, as its hook was given it. */
export interface HookRequest {
  /** As contracts.md names it: `session-start` and so on. */
  readonly name: string;
  /** The kind of agent; empty to let the server tell by the body's shape. */
  readonly source: string;
  readonly body: Buffer;
  /** Names this very event: it may reach the server now, though we hear no answer, and from the spool again. */
  readonly id: string;
  /** The run of an agent of ours that the hook was started in; empty when it was in none. */
  readonly run: string;
}

/**
 * What came of it. `refused`: the server has looked at it and wants none of it, now or later. `absent`: nobody listens.
 * `silent`: somebody does, but has not said anything that makes sense in time; the server may have it or not.
 */
export type HookAnswer =
  | { readonly outcome: 'answered'; readonly body: string }
  | { readonly outcome: 'refused' | 'absent' | 'silent' };

/** Largest answer that is handed to an agent, in bytes. A context has some thousand. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Pause before knocking again at a server that is being started, in milliseconds: short beside a start. */
const KNOCK_PAUSE_MS = 25;
const ABSENT = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Posts an event on the server's socket, until `deadlineMs` since the start of the process. `whenAbsent` is called once
 * if nobody listens; then it is tried again until the deadline. HTTP by hand: the module for it takes longer to load
 * than all that happens here.
 */
export async function postHook(
  socketPath: string,
  request: HookRequest,
  deadlineMs: number,
  whenAbsent?: () => Promise<void>,
): Promise<HookAnswer> {
  let answer = await post(socketPath, request, deadlineMs);
  if (answer.outcome !== 'absent' || whenAbsent === undefined) return answer;
  await whenAbsent();
  while (answer.outcome === 'absent' && performance.now() + KNOCK_PAUSE_MS < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, KNOCK_PAUSE_MS));
    answer = await post(socketPath, request, deadlineMs);
  }
  return answer;
}

function post(socketPath: string, request: HookRequest, deadlineMs: number): Promise<HookAnswer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    let bytes = 0;
    const socket = connect(socketPath);
    const timer = setTimeout(() => settle({ outcome: 'silent' }), deadlineMs - performance.now());
    const settle = (answer: HookAnswer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => {
        socket.write(headOf(request));
        socket.write(request.body);
      })
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) settle({ outcome: 'silent' });
        else received.push(chunk);
      })
      .once('end', () => settle(readAnswer(Buffer.concat(received).toString())))
      .once('error', (error) => settle({ outcome: ABSENT.has(codeOf(error) ?? '') ? 'absent' : 'silent' }));
  });
}

/** HTTP/1.0, so that the answer comes in one piece and the connection ends behind it. */
function headOf({ name, source, body, id, run }: HookRequest): string {
  const query = source === '' ? '' : `?source=${encodeURIComponent(source)}`;
  return [
    `POST /hooks/${encodeURIComponent(name)}${query} HTTP/1.0`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `X-Codewalkers-Delivery: ${id}`,
    ...(run === '' ? [] : [`X-Codewalkers-Run: ${run}`]),
    '\r\n',
  ].join('\r\n');
}

/** Whoever does not answer in our own words, one JSON object or nothing, is taken for somebody else. */
function readAnswer(text: string): HookAnswer {
  const status = Number(/^HTTP\/1\.[01] (\d{3})[ \r]/.exec(text)?.[1] ?? Number.NaN);
  const end = text.indexOf('\r\n\r\n');
  if (Number.isNaN(status) || end < 0) return { outcome: 'silent' };
  if (status >= 400 && status < 500) return { outcome: 'refused' };
  if (status !== 200 && status !== 204) return { outcome: 'silent' };
  const body = text.slice(end + 4).trim();
  return body === '' || isObject(body)
    ? { outcome: 'answered', body: body === '{}' ? '' : body }
    : { outcome: 'silent' };
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
