import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Scope } from '../../application/lifecycle/scope.js';
import type { ReadLargeHook } from '../hooks/large-hook.js';
import { createHookReceiver } from '../hooks/receive-hook.js';
import { createMetricsPages } from '../metrics/metrics-page.js';
import { answerRequest, type Backend } from './answer-request.js';
import { type Connections, type ListenerCounts, trackConnections } from './close-server.js';
import { createSocketGate, createTcpGate, type Gate } from './gate.js';
import { createHttpServer, type Patience } from './http-server.js';
import { limitConnections } from './limit-connections.js';
import { listenOnPort, listenOnSocket, portOf } from './listen.js';
import { loadMcp } from './load-mcp.js';
import { createStartGate, type StartGateOptions, type StartPatience } from './start-gate.js';

/**
 * How long a socket that has no name any more is still listened to, in milliseconds: as long as a client on a busy
 * machine takes from its connection to its request. Whoever was there before is answered, if only with a refusal.
 */
const LINGER_MS = 50;

/** Where to listen. `port` 0 is any free one. */
export interface HttpOptions
  extends Omit<Backend, 'closing' | 'startGate' | 'metrics' | 'mcp' | 'hooks'>,
    Pick<StartGateOptions, 'app' | 'timer'> {
  /** May post hooks on TCP, and nothing else. */
  readonly hooksToken: string;
  readonly socketPath: string;
  readonly port: number;
  /** Reads large hooks; without it, they are read here. */
  readonly readLargeHook?: ReadLargeHook | undefined;
  /** How long clients may take; left out outside of tests. */
  readonly patience?: Patience;
  readonly startPatience?: StartPatience;
  /** Aborted when the server begins to drain, which may be long before its listeners close. */
  readonly draining: AbortSignal;
  /** How many files the process may have open; undefined where that is no matter. */
  readonly openFiles?: number | undefined;
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** Answers what is in flight, breaks off streams and ends, at the latest with the scope. */
  close(): Promise<void>;
}

/**
 * Serves the API on the Unix socket and on loopback TCP until the scope closes; then no connection is accepted any more,
 * requests in flight are answered and streams are broken off. Throws an AddressInUseError.
 */
export async function serveHttp(
  scope: Scope,
  {
    socketPath,
    port,
    patience,
    app,
    timer,
    startPatience,
    draining,
    openFiles,
    hooksToken,
    readLargeHook,
    ...options
  }: HttpOptions,
): Promise<HttpServer> {
  const closing = new AbortController();
  // Every open stream listens; Node takes more than ten listeners for a leak.
  setMaxListeners(0, closing.signal);
  const startGate = createStartGate({ app, timer, closing: closing.signal, patience: startPatience });
  const listeners = (): ListenerCounts[] => [
    { name: 'socket', ...onSocket.connections.counts() },
    { name: 'tcp', ...onPort.connections.counts() },
  ];
  const hooks = createHookReceiver(readLargeHook);
  const metrics = {
    pages: createMetricsPages(),
    listeners,
    waiting: () => startGate.waiting(),
    unknownHooks: () => hooks.unknown(),
  };
  const { server, logger } = options;
  const mcp = loadMcp({ server, logger, closing: closing.signal });
  const backend: Backend = { ...options, hooks, startGate, metrics, mcp, closing: closing.signal };

  function createListener(gateOf: (server: Server) => Gate): Listener {
    let gate: Gate | undefined;
    const server = createHttpServer((request, response) => {
      // A gate may depend on where its server listens; no request comes before it does.
      void answerRequest(request, response, (gate ??= gateOf(server)), backend);
    }, patience);
    limitConnections(server, openFiles, options.logger);
    return { server, connections: trackConnections(server, draining) };
  }

  const { token, grants } = options;
  const tokens = { token, hooksToken, grants };
  const onSocket = createListener(() => createSocketGate(tokens));
  const onPort = createListener((server) => createTcpGate(portOf(server), tokens));
  await scope.acquire(
    'Unix socket',
    () => listenOnSocket(onSocket.server, socketPath),
    () => onSocket.connections.close(),
  );
  await scope.acquire(
    'TCP listener',
    () => listenOnPort(onPort.server, port),
    () => onPort.connections.close(),
  );
  const close = async () => {
    closing.abort();
    await Promise.all([onPort.connections.close(), leaveSocket()]);
  };
  const leaveSocket = async () => {
    // Without its name nobody new finds it, and nobody who did is cut off unheard, not knowing what came of a call.
    if (process.platform !== 'win32') await rm(socketPath, { force: true });
    await wait(LINGER_MS);
    await onSocket.connections.close();
  };
  // Last in, so first to be released: both listeners close at once, while all streams break off.
  scope.defer('HTTP connections', close);
  return { port: portOf(onPort.server), close };
}

interface Listener {
  readonly server: Server;
  readonly connections: Connections;
}
