import { createTRPCClient, httpLink, splitLink, type TRPCClient } from '@trpc/client';
import type { AppRouter } from '../trpc/router.js';
import { BASE_URL, createCallFetch } from './call-fetch.js';
import { openConnection } from './connection.js';
import { type EndpointOptions, endpointOf } from './endpoint.js';
import { createLazyLink } from './lazy-link.js';

// The package's entry: what follows is all of `codewalkers/client`.
export type { AppRouter } from '../trpc/router.js';
export type { EndpointOptions } from './endpoint.js';
export { type Failure, failureOf } from './failure.js';
export { fetchHealth, type Health, type Liveness } from './fetch-health.js';

export interface ClientOptions extends EndpointOptions {
  /** How long the server may be silent in a call, in milliseconds; a minute by default. */
  readonly timeoutMs?: number;
  /** How long a subscription looks for a server that is gone before it ends with an error; for ever by default. */
  readonly giveUpAfterMs?: number;
  /**
   * Called when a call found no server, or one that drains and takes no new work, so that nothing came of it; true if
   * another server is there by now, at which the call is tried again. Without it such a call fails.
   */
  readonly recover?: () => Promise<boolean>;
}

/** The API as typed functions: `client.task.enqueue.mutate({ … })`, `client.event.stream.subscribe({ … }, { onData })`. */
export type Client = TRPCClient<AppRouter> &
  AsyncDisposable & {
    /** Ends all subscriptions and connections. */
    close(): Promise<void>;
  };

const TIMEOUT_MS = 60_000;

/**
 * A client of a Codewalkers server. It connects at its first call, keeps the process alive only while a call or a
 * subscription runs, and resumes subscriptions after every loss of connection, also over restarts of the server.
 * `failureOf` tells what an error means. Throws a TypeError for options that name no server.
 */
export function createClient(options: ClientOptions = {}): Client {
  const { timeoutMs = TIMEOUT_MS, giveUpAfterMs = Number.POSITIVE_INFINITY } = options;
  const connection = openConnection(endpointOf(options));
  const subscriptions = createLazyLink(async () => {
    const { createSubscriptionLink } = await import('./subscription-link.js');
    return createSubscriptionLink(connection, giveUpAfterMs);
  });
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: subscriptions.link,
        false: httpLink({ url: `${BASE_URL}/trpc`, fetch: createCallFetch(connection, timeoutMs, options.recover) }),
      }),
    ],
  });
  const close = async () => {
    subscriptions.end();
    connection.close();
  };
  const own = new Map<string | symbol, unknown>([
    ['close', close],
    [Symbol.asyncDispose, close],
  ]);
  // The API is itself a proxy, which takes every name for a router's.
  return new Proxy(api, { get: (target, name): unknown => own.get(name) ?? Reflect.get(target, name) }) as Client;
}
