import { type Client, type ClientOptions, createClient } from '../../client/client.js';
import type { Context } from '../context.js';

type OpenOptions = Pick<ClientOptions, 'recover' | 'timeoutMs'>;

/** A client of the server that runs. Its subscriptions outlive restarts of the server; `recover` is for its calls. */
export function openClient({ paths }: Pick<Context, 'paths'>, { recover, timeoutMs }: OpenOptions = {}): Client {
  Object.defineProperty(globalThis, 'FormData', { value: NoFormData, configurable: true, writable: true });
  return createClient({ socketPath: paths.socket, ...(recover && { recover }), ...(timeoutMs && { timeoutMs }) });
}

/**
 * tRPC asks of every input whether it is FormData, and the mere question makes Node load all of its `fetch`: a sixth of
 * what `cw status` takes. No input of a command ever is, so the name stands for nothing.
 */
class NoFormData {
  declare private readonly never: never;
}
