import type { IncomingMessage, ServerResponse } from 'node:http';
import { confine } from '../../application/agent/confine.js';
import type { Grant, Grants } from '../../application/agent/grants.js';
import type { Application } from '../../application/application.js';
import type { Logger } from '../../application/ports/logger.js';
import type { HookReceiver } from '../hooks/receive-hook.js';
import { BUG_MESSAGE } from '../trpc/error-map.js';
import { bearerOf } from './bearer.js';
import { type Gate, maxBytesOf, tooLarge } from './gate.js';
import { answerHealth } from './health-route.js';
import { answerHook } from './hooks-route.js';
import type { AnswerMcp } from './load-mcp.js';
import { answerMetrics, type MetricsSources } from './metrics-route.js';
import { readBody, readBytes } from './read-body.js';
import { type Refusal, sendRefusal } from './refusal.js';
import { sendJson } from './respond.js';
import { type Route, routeOf } from './routes.js';
import type { ServerInfo } from './server-info.js';
import type { Passage, StartGate } from './start-gate.js';
import { answerTrpc } from './trpc-route.js';

/** What stands behind the listeners. */
export interface Backend {
  /** Where requests for the application wait while it starts. */
  readonly startGate: StartGate;
  readonly server: ServerInfo;
  readonly token: string;
  readonly grants: Pick<Grants, 'find'>;
  readonly hooks: HookReceiver;
  readonly metrics: Omit<MetricsSources, 'app' | 'server'>;
  readonly mcp: AnswerMcp;
  readonly logger: Logger;
  /** Aborted when the listeners close. */
  readonly closing: AbortSignal;
}

const DRAINING: Refusal = {
  status: 503,
  reason: 'unavailable',
  message: 'The server is about to stop and takes no new work; try again in a moment.',
  headers: { 'Retry-After': '1' },
};

/** Where an agent may go with its token. */
const OPEN_TO_AGENTS = new Set<Route['name']>(['health', 'ready', 'mcp', 'trpc', 'nothing']);

const NOT_FOR_AGENTS: Refusal = {
  status: 403,
  reason: 'forbidden',
  message: "An agent's token does not reach this.",
};

/** Answers one request, whatever happens. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  backend: Backend,
): Promise<void> {
  try {
    const refusal = gate(request) ?? (await answer(request, response, backend));
    if (refusal !== undefined) sendRefusal(response, refusal);
  } catch (error) {
    // A client that left is nobody to answer, and no fault of ours.
    if (response.destroyed || request.destroyed) return;
    backend.logger.error('a request could not be answered', { error });
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: { message: BUG_MESSAGE, reason: null } });
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { startGate, server, token, grants, hooks, metrics, logger, closing, mcp }: Backend,
): Promise<Refusal | undefined> {
  const { url = '' } = request;
  const route = routeOf(url);
  const grant = grants.find(bearerOf(request.headers.authorization));
  if (grant !== undefined && !OPEN_TO_AGENTS.has(route.name)) return NOT_FOR_AGENTS;
  switch (route.name) {
    case 'health':
      answerHealth(response, url, server, token);
      return undefined;
    case 'ready': {
      const state = server.state();
      sendJson(response, state === 'ready' ? 200 : 503, { state });
      return undefined;
    }
    case 'metrics': {
      const passage = startGate.decided() ?? (await waitAt(startGate, response));
      if ('refusal' in passage) return passage.refusal;
      server.noteWork('metrics');
      await answerMetrics(response, { ...metrics, app: passage.app, server });
      return undefined;
    }
    case 'mcp': {
      const isPost = request.method === 'POST';
      if (isPost && server.state() === 'draining') return DRAINING;
      const passage = startGate.decided() ?? (await waitAt(startGate, response));
      if ('refusal' in passage) return passage.refusal;
      if (request.headers.expect !== undefined) response.writeContinue();
      const body = isPost ? await readBody(request, maxBytesOf(url)) : undefined;
      if (isPost && body === undefined) return tooLarge(url);
      await mcp(request, response, body, appFor(passage.app, grant), grant ?? null);
      return undefined;
    }
    case 'hooks': {
      // A server that drains still takes them: they are written at once, and nobody would send them again.
      const passage = startGate.decided() ?? (await waitAt(startGate, response));
      if ('refusal' in passage) return passage.refusal;
      if (request.headers.expect !== undefined) response.writeContinue();
      const body = await readBytes(request, maxBytesOf(url));
      if (body === undefined) return tooLarge(url);
      server.noteWork('hooks');
      return answerHook(request, response, route.event, body, { app: passage.app, hooks });
    }
    case 'nothing':
      return { status: 404, reason: 'not_found', message: 'There is nothing at this path.' };
    case 'trpc': {
      const isMutation = request.method === 'POST';
      // Asking a server to stop that is about to is no new work.
      if (isMutation && server.state() === 'draining' && route.path !== 'system.shutdown') return DRAINING;
      const passage = startGate.decided() ?? (await waitAt(startGate, response));
      if ('refusal' in passage) return passage.refusal;
      if (request.headers.expect !== undefined) response.writeContinue();
      const body = isMutation ? await readBody(request, maxBytesOf(url)) : undefined;
      if (isMutation && body === undefined) return tooLarge(url);
      const caller = { app: appFor(passage.app, grant), isAgent: grant !== undefined };
      await answerTrpc(request, response, route.path, body, { ...caller, server, closing }, logger);
      return undefined;
    }
  }
}

function appFor(app: Application, grant: Grant | undefined): Application {
  return grant === undefined ? app : confine(app, grant);
}

/** Throws when the client leaves before it is let through. */
async function waitAt(gate: StartGate, response: ServerResponse): Promise<Passage> {
  const left = new AbortController();
  const leave = () => left.abort();
  response.once('close', leave);
  const passage = await gate.pass(left.signal);
  response.off('close', leave);
  left.signal.throwIfAborted();
  return passage;
}
