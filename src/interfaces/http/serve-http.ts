import { setMaxListeners } from 'node:events';
import type { Server } from 'node:http';
import type { Scope } from '../../application/lifecycle/scope.js';
import { answerRequest, type Backend } from './answer-request.js';
import { type Connections, trackConnections } from './close-server.js';
import { createSocketGate, createTcpGate, type Gate } from './gate.js';
import { createHttpServer, type Patience } from './http-server.js';
import { listenOnPort, listenOnSocket, portOf } from './listen.js';

/** Where to listen. `port` 0 is any free one. */
export interface HttpOptions extends Omit<Backend, 'closing'> {
  readonly socketPath: string;
  readonly port: number;
  /** How long clients may take; left out outside of tests. */
  readonly patience?: Patience;
}

/**
 * Serves the API on the Unix socket and on loopback TCP until the scope closes; then no connection is accepted any more,
 * requests in flight are answered and streams are broken off. Throws an AddressInUseError. Resolves with the port.
 */
export async function serveHttp(
  scope: Scope,
  { socketPath, port, patience, ...options }: HttpOptions,
): Promise<{ readonly port: number }> {
  const closing = new AbortController();
  // Every open stream listens; Node takes more than ten listeners for a leak.
  setMaxListeners(0, closing.signal);
  const backend: Backend = { ...options, closing: closing.signal };

  function createListener(gateOf: (server: Server) => Gate): Listener {
    let gate: Gate | undefined;
    const server = createHttpServer((request, response) => {
      // A gate may depend on where its server listens; no request comes before it does.
      void answerRequest(request, response, (gate ??= gateOf(server)), backend);
    }, patience);
    return { server, connections: trackConnections(server) };
  }

  const onSocket = createListener(createSocketGate);
  await scope.acquire(
    'Unix socket',
    () => listenOnSocket(onSocket.server, socketPath),
    () => onSocket.connections.close(),
  );
  const onPort = createListener((server) => createTcpGate(portOf(server), options.token));
  await scope.acquire(
    'TCP listener',
    () => listenOnPort(onPort.server, port),
    () => onPort.connections.close(),
  );
  // Last in, so first to be released: both listeners close at once, while all streams break off.
  scope.defer('HTTP connections', async () => {
    closing.abort();
    await Promise.all([onSocket.connections.close(), onPort.connections.close()]);
  });
  return { port: portOf(onPort.server) };
}

interface Listener {
  readonly server: Server;
  readonly connections: Connections;
}
