import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type InitializeRequest,
  isInitializeRequest,
  isJSONRPCRequest,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  type JSONRPCRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { McpSession, SessionOptions } from '../mcp/mcp-session.js';
import type { McpSessions } from '../mcp/mcp-sessions.js';
import { createMcpReply } from './mcp-reply.js';
import { SECURITY_HEADERS, sendJson } from './respond.js';

/** JSON-RPC's own numbers for what is refused before a method is looked for, and MCP's for an unknown session. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const NO_SESSION = -32_001;
const SERVER_ERROR = -32_000;

/** The header by which our own `cw mcp` says where it works: a percent-encoded path. */
const DIRECTORY_HEADER = 'codewalkers-directory';
const SESSION_HEADER = 'mcp-session-id';
const VERSION_HEADER = 'mcp-protocol-version';

/** What stands behind `/mcp`. */
export interface McpBackend extends Omit<SessionOptions, 'id' | 'directory'> {
  readonly sessions: McpSessions;
}

/** Why a request is refused, as JSON-RPC says it. */
interface Problem {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Answers a request to `/mcp` (streamable HTTP) whose body has been read; undefined for a DELETE. */
export async function answerMcp(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | undefined,
  backend: McpBackend,
): Promise<void> {
  const problem = versionProblem(request) ?? (await take(request, response, body, backend));
  if (problem === undefined) return;
  const { status, ...error } = problem;
  sendJson(response, status, { jsonrpc: '2.0', id: null, error });
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | undefined,
  backend: McpBackend,
): Promise<Problem | undefined> {
  const message = body === undefined ? undefined : parse(body);
  if (message !== undefined && 'code' in message) return message;
  if (message !== undefined && isInitializeRequest(message)) return initialize(request, response, message, backend);

  const session = sessionOf(request, backend);
  if (session === undefined) return noSession(request);
  if (message !== undefined && isJSONRPCRequest(message)) return answerCall(request, response, message, session);
  if (message === undefined) await backend.sessions.close(session);
  else session.notify(message);
  response.writeHead(message === undefined ? 200 : 202, SECURITY_HEADERS).end();
  return undefined;
}

async function initialize(
  request: IncomingMessage,
  response: ServerResponse,
  message: InitializeRequest,
  { sessions, ...options }: McpBackend,
): Promise<Problem | undefined> {
  try {
    const session = await sessions.open({ ...options, directory: directoryOf(request) });
    response.setHeader('Mcp-Session-Id', session.id);
    return answerCall(request, response, message as JSONRPCRequest & InitializeRequest, session);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { status: 503, code: SERVER_ERROR, message: error.message };
  }
}

function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  message: JSONRPCRequest,
  session: McpSession,
): Problem | undefined {
  const streams = request.headers.accept?.includes('text/event-stream') === true;
  const leave = session.request(message, request.headers, createMcpReply(response, streams));
  if (leave === undefined) {
    const said = `A request with id ${String(message.id)} is in work already.`;
    return { status: 400, code: INVALID_REQUEST, message: said };
  }
  // Nobody could be told what came of it, so a call that only waits is given up.
  response.once('close', leave);
  return undefined;
}

/** Gemini sends no version, and none is needed: what differs between them is not used. */
function versionProblem({ headers }: IncomingMessage): Problem | undefined {
  const version = headers[VERSION_HEADER];
  if (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(String(version))) return undefined;
  const known = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
  return { status: 400, code: SERVER_ERROR, message: `This server speaks ${known}, not ${String(version)}.` };
}

function sessionOf({ headers }: IncomingMessage, { sessions, owner }: McpBackend): McpSession | undefined {
  const id = headers[SESSION_HEADER];
  return typeof id === 'string' ? sessions.use(id, owner) : undefined;
}

function noSession({ headers }: IncomingMessage): Problem {
  if (headers[SESSION_HEADER] !== undefined) {
    return { status: 404, code: NO_SESSION, message: 'There is no such session (any more); begin with initialize.' };
  }
  const message = 'Begin with initialize, and send the Mcp-Session-Id that comes with its answer.';
  return { status: 400, code: SERVER_ERROR, message };
}

function directoryOf({ headers }: IncomingMessage): string | null {
  const directory = headers[DIRECTORY_HEADER];
  if (typeof directory !== 'string') return null;
  try {
    return decodeURIComponent(directory);
  } catch {
    return null;
  }
}

/** One message: several in one body are none since version 2025-06-18. */
function parse(body: string): JSONRPCMessage | Problem {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { status: 400, code: PARSE_ERROR, message: 'The body is not valid JSON.' };
  }
  const message = JSONRPCMessageSchema.safeParse(json).data;
  return message ?? { status: 400, code: INVALID_REQUEST, message: 'The body is not a JSON-RPC message.' };
}
