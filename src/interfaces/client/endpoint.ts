import { defaultHome, homePaths } from '../../home/home-paths.js';

/** Where a server answers. Over TCP both sides must know the token. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly token: string };

/** How a caller says where the server is: a socket, a data directory that holds one, or an address with its token. */
export interface EndpointOptions {
  /** Data directory of the server (CW_HOME); `~/.codewalkers` without any of these. */
  readonly home?: string;
  /** Path of the server's Unix socket. */
  readonly socketPath?: string;
  /** `http://127.0.0.1:37700`; goes with `token`. */
  readonly url?: string | URL;
  /** What the file `token` in the data directory holds. */
  readonly token?: string;
}

/** Finds the endpoint that the options name. Throws a TypeError for options that name none. */
export function endpointOf({ home, socketPath, url, token }: EndpointOptions): Endpoint {
  if (url === undefined) {
    return { kind: 'socket', path: socketPath ?? homePaths(home ?? defaultHome()).socket };
  }
  if (token === undefined || token === '') throw new TypeError('A server at a URL needs its token as well.');
  return { kind: 'tcp', ...addressOf(url), token };
}

/** The host and port of a server's URL. Throws a TypeError for a URL that cannot be one. */
export function addressOf(url: string | URL): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port, pathname, search, username } = new URL(url);
  if (protocol !== 'http:' || pathname !== '/' || search !== '' || username !== '') {
    throw new TypeError(`${String(url)} is not a server's URL, such as http://127.0.0.1:37700.`);
  }
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) };
}
