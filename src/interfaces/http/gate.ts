import type { IncomingMessage } from 'node:http';
import type { Grants } from '../../application/agent/grants.js';
import { bearerChecker, bearerOf } from './bearer.js';
import type { Refusal } from './refusal.js';
import { methodsOf, pathOf, routeOf } from './routes.js';

/** Longest URL, in characters: a query's input with room to spare, and less than a header may have. */
const MAX_URL_LENGTH = 4_096;
/** Largest body of an API request, in bytes; domain limits (prompts) are chosen to fit. */
const MAX_BODY_BYTES = 1_048_576;
/** Largest body of a hook, in bytes: it may hold a whole file that an agent has read or written. */
const MAX_HOOK_BYTES = 16_777_216;
/** Most calls in one request; they run at once. */
const MAX_BATCH = 32;

/** What is to be shown on TCP, and may be shown on the socket. */
export interface Tokens {
  /** May do everything. */
  readonly token: string;
  /** May post hooks, and nothing else: it stands in the settings of agents. */
  readonly hooksToken: string;
  /** What the tokens of agents reach, which are held to it behind the gate. */
  readonly grants: Pick<Grants, 'find'>;
}

/** Whether a request may go on. Looks at nothing but its first line and headers. */
export type Gate = (request: IncomingMessage) => Refusal | undefined;

/**
 * The gate of the TCP listener, which any program and any web page on the machine can reach. The order is part of the
 * contract: what identifies the caller comes before what depends on it.
 */
export function createTcpGate(port: number, tokens: Tokens): Gate {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const isKnown = tokenCheck(tokens);
  const checks = [
    checkUrl,
    (request: IncomingMessage) => checkHost(request, hosts),
    checkOrigin,
    checkFetchSite,
    checkMethod,
    (request: IncomingMessage) => checkAuthorization(request, isKnown),
    checkMediaType,
    checkSize,
    checkBatch,
  ];
  return (request) => firstRefusal(checks, request);
}

/**
 * The gate of the Unix socket: the directory that it lies in has let in nobody but its owner. Who shows a token all the
 * same is held to it.
 */
export function createSocketGate(tokens: Tokens): Gate {
  const isKnown = tokenCheck(tokens);
  const checkShown = (request: IncomingMessage) =>
    request.headers.authorization === undefined ? undefined : checkAuthorization(request, isKnown);
  const checks = [checkUrl, checkMethod, checkShown, checkMediaType, checkSize, checkBatch];
  return (request) => firstRefusal(checks, request);
}

function firstRefusal(checks: readonly Gate[], request: IncomingMessage): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(request);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Lets only `/path` through: an absolute URL, or `//host`, would carry a host of its own past the check of `Host`. */
function checkUrl({ url = '' }: IncomingMessage): Refusal | undefined {
  if (url.length > MAX_URL_LENGTH) {
    return { status: 414, reason: 'limit_exceeded', message: `The URL is longer than ${MAX_URL_LENGTH} characters.` };
  }
  if (url.startsWith('/') && !url.startsWith('//') && !url.includes('\\')) return undefined;
  return { status: 400, reason: 'invalid_input', message: 'The request must name a path, such as /health.' };
}

const NO_PAGES: Refusal = { status: 403, reason: 'forbidden', message: 'Other web pages may not use this server.' };

function isHook(url: string): boolean {
  return routeOf(url).name === 'hooks';
}

/** Against DNS rebinding: a page of another name reaches us with that name. */
function checkHost({ headers }: IncomingMessage, hosts: readonly string[]): Refusal | undefined {
  if (headers.host !== undefined && hosts.includes(headers.host)) return undefined;
  return { status: 421, reason: 'forbidden', message: `This server answers as ${hosts.join(' or ')} only.` };
}

function checkOrigin({ headers, url = '' }: IncomingMessage): Refusal | undefined {
  // No page of anybody's, not even ours, has a hook to tell of.
  if (headers.origin !== undefined && isHook(url)) return NO_PAGES;
  if (headers.origin === undefined || headers.origin === `http://${headers.host ?? ''}`) return undefined;
  return NO_PAGES;
}

function checkFetchSite({ headers, url = '' }: IncomingMessage): Refusal | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && isHook(url)) return NO_PAGES;
  // A user who types the address, or follows a bookmark, may see the page, and only the page.
  if (site === undefined || site === 'same-origin' || (site === 'none' && url === '/')) return undefined;
  return NO_PAGES;
}

function checkMethod({ method = '', url = '' }: IncomingMessage): Refusal | undefined {
  const allowed = methodsOf(url);
  if (allowed.includes(method)) return undefined;
  const Allow = allowed.join(', ');
  return { status: 405, reason: 'invalid_input', message: `Use ${Allow} here.`, headers: { Allow } };
}

/** Makes the check whether a request shows a token that it may come with. */
function tokenCheck({ token, hooksToken, grants }: Tokens): (request: IncomingMessage) => boolean {
  const mayAll = bearerChecker(token);
  const mayPostHooks = bearerChecker(hooksToken);
  return ({ headers: { authorization }, url = '' }) =>
    mayAll(authorization) ||
    (isHook(url) && mayPostHooks(authorization)) ||
    grants.find(bearerOf(authorization)) !== undefined;
}

function checkAuthorization(
  request: IncomingMessage,
  isKnown: (request: IncomingMessage) => boolean,
): Refusal | undefined {
  if (routeOf(request.url ?? '').name === 'health' || isKnown(request)) return undefined;
  return {
    status: 401,
    reason: 'forbidden',
    message: 'Send the token of this server as "Authorization: Bearer <token>".',
    headers: { 'WWW-Authenticate': 'Bearer' },
  };
}

/** A page can post a form or plain text to any address unasked; JSON it cannot. */
function checkMediaType({ method, headers }: IncomingMessage): Refusal | undefined {
  if (method !== 'POST' || headers['content-type']?.toLowerCase() === 'application/json') return undefined;
  return { status: 415, reason: 'invalid_input', message: 'Post as Content-Type: application/json.' };
}

function checkSize({ method, headers, url = '' }: IncomingMessage): Refusal | undefined {
  const announced = Number(headers['content-length'] ?? 0);
  if (method !== 'POST' && (announced !== 0 || headers['transfer-encoding'] !== undefined)) {
    return { status: 413, reason: 'limit_exceeded', message: `A ${method ?? ''} request has no body here.` };
  }
  return announced <= maxBytesOf(url) ? undefined : tooLarge(url);
}

/** Most bytes of a body that is posted there. */
export function maxBytesOf(url: string): number {
  return isHook(url) ? MAX_HOOK_BYTES : MAX_BODY_BYTES;
}

/** The refusal of a body over the limit. */
export function tooLarge(url: string): Refusal {
  return { status: 413, reason: 'limit_exceeded', message: `A request has at most ${maxBytesOf(url)} bytes here.` };
}

/** tRPC splits the decoded path at its commas. */
function checkBatch({ url = '' }: IncomingMessage): Refusal | undefined {
  const commas = pathOf(url).match(/,|%2c/gi)?.length ?? 0;
  if (commas < MAX_BATCH) return undefined;
  return { status: 400, reason: 'limit_exceeded', message: `A request has at most ${MAX_BATCH} calls.` };
}
