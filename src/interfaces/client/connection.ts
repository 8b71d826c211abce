import { Agent } from 'node:http';
import type { Endpoint } from './endpoint.js';
import { ProvingAgent } from './proving-agent.js';

/** How to reach a server: request options, and the connections that are kept. */
export interface Connection {
  /** The address, for people. */
  readonly where: string;
  readonly target: { readonly socketPath: string } | { readonly host: string; readonly port: number };
  readonly headers: Readonly<Record<string, string>>;
  /** For calls: connections are kept for the next one, without keeping the process alive. */
  readonly calls: Agent;
  /** For streams: a connection each. */
  readonly streams: Agent;
  close(): void;
}

/** Most calls at once; more wait their turn in this process instead of filling the server's connections. */
const MAX_CALLS = 32;
/** An unused connection is closed after this long, in milliseconds: before the server does, which would race with a call. */
const KEEP_ALIVE_MS = 30_000;

/** Prepares connections to a server; none is opened before the first call. */
export function openConnection(endpoint: Endpoint): Connection {
  const callOptions = { keepAlive: true, maxSockets: MAX_CALLS, timeout: KEEP_ALIVE_MS };
  if (endpoint.kind === 'socket') {
    const { path } = endpoint;
    return connectionOf(path, { socketPath: path }, {}, new Agent(callOptions), new Agent());
  }
  const { host, port, token } = endpoint;
  const headers = { authorization: `Bearer ${token}` };
  const agents = [new ProvingAgent(endpoint, callOptions), new ProvingAgent(endpoint)] as const;
  return connectionOf(`${host}:${port}`, { host, port }, headers, ...agents);
}

function connectionOf(
  where: string,
  target: Connection['target'],
  headers: Connection['headers'],
  calls: Agent,
  streams: Agent,
): Connection {
  const close = () => {
    calls.destroy();
    streams.destroy();
  };
  return { where, target, headers, calls, streams, close };
}
