import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProbeScript } from '../../../application/ports/probe-stage.js';
import { answerTo, TOKENS } from './answer.js';
import { writeMessage } from './anthropic.js';
import { writeChat } from './chat.js';
import { writeContent } from './gemini.js';
import { writeResponse } from './responses.js';
import type { WireEvent, WriteAnswer } from './wire.js';

const LOOPBACK = '127.0.0.1';
/** Longest request that is read, in bytes: what an agent tells a model at its start is some 100 kB. */
const MAX_REQUEST_BYTES = 16_777_216;
/** A model by any name, for agents that ask which there are. */
const MODELS = { object: 'list', data: [{ id: 'probe', object: 'model', created: 0, owned_by: 'probe' }], models: [] };

/** The paths of the four interfaces, with or without what stands before them in a base address. */
const CONTENT = /\/models\/([^/:]+):(streamGenerateContent|generateContent)$/;
const INTERFACES: readonly (readonly [path: RegExp, write: WriteAnswer])[] = [
  [/\/messages$/, writeMessage],
  [/\/responses$/, writeResponse],
  [/\/chat\/completions$/, writeChat],
  [CONTENT, writeContent],
];

/** A model on loopback that says what the script says, to whoever asks in one of four interfaces. */
export interface ScriptedModel extends AsyncDisposable {
  readonly url: string;
  /** Requests for an answer so far. */
  asked(): number;
}

/** Listens on a free port of loopback. It knows no secret, and nothing that it is told is kept. */
export async function openScriptedModel(script: ProbeScript): Promise<ScriptedModel> {
  let count = 0;
  const server = createServer((request, response) => {
    // A request that breaks off has nobody to answer.
    read(request)
      .then((body) => {
        if (body === null) reply(response, 413, failure('The request is too long.'));
        else if (respond(request, response, body, script)) count += 1;
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${String(port)}`,
    asked: () => count,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Null for a body that is too long. */
async function read(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    // The rest is read all the same: whoever writes hears of the refusal at its end.
    if (size <= MAX_REQUEST_BYTES) parts.push(part);
  }
  if (size > MAX_REQUEST_BYTES) return null;
  return Buffer.concat(parts).toString('utf8');
}

/** True for a request that an answer of the model was given to. */
function respond(request: IncomingMessage, response: ServerResponse, body: string, script: ProbeScript): boolean {
  const { pathname } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const write = request.method === 'POST' ? INTERFACES.find(([path]) => path.test(pathname))?.[1] : undefined;
  if (write === undefined) {
    respondAside(request.method, pathname, response);
    return false;
  }
  const asked = parse(body);
  if (asked === undefined) {
    reply(response, 400, failure('The request is no JSON.'));
    return false;
  }
  const [, named, how] = CONTENT.exec(pathname) ?? [];
  const { document, events } = write(answerTo(body, asked, script), named ?? textAt(asked, 'model') ?? 'probe');
  const streams = how === undefined ? Reflect.get(asked, 'stream') === true : how === 'streamGenerateContent';
  if (streams) stream(response, events);
  else reply(response, 200, document);
  return true;
}

/** What agents ask beside: how long a text is, which models there are, whether anybody is there. */
function respondAside(method: string | undefined, path: string, response: ServerResponse): void {
  if (/\/count_tokens$/.test(path)) reply(response, 200, { input_tokens: TOKENS.input });
  else if (/:countTokens$/.test(path)) reply(response, 200, { totalTokens: TOKENS.input });
  else if (method === 'GET' && /\/models$/.test(path)) reply(response, 200, MODELS);
  else if (method === 'HEAD') response.writeHead(200).end();
  else reply(response, 404, failure('The model of a probe knows nothing of that.'));
}

function parse(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function textAt(value: object, key: string): string | undefined {
  const text: unknown = Reflect.get(value, key);
  return typeof text === 'string' ? text : undefined;
}

function failure(message: string): object {
  return { type: 'error', error: { type: 'invalid_request_error', message } };
}

function reply(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

function stream(response: ServerResponse, events: readonly WireEvent[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  for (const { event, data } of events) {
    if (event !== undefined) response.write(`event: ${event}\n`);
    response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}
