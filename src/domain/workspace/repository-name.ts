/** Ports that a URL may leave out: it names the same repository with them and without. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { ssh: '22', https: '443', http: '80', git: '9418' };
/** Longest remote that is taken for one, in characters. */
const MAX_LENGTH = 2_048;

/**
 * The name of the repository behind a remote, the same for all ways to reach it: `host/path`, without scheme, user,
 * password, default port and `.git`; the host in small letters. Null for what is no address of a host: a path on this
 * machine, a helper's (`ext::…`), nonsense.
 */
export function repositoryName(remote: string): string | null {
  const text = remote.trim();
  if (text.length > MAX_LENGTH || /\p{Cc}/u.test(text) || /^[a-z0-9+.-]+::/i.test(text)) return null;
  const parts = /^(?:git\+)?(ssh|https?|git)(?:\+git)?:\/\/(.*)$/i.exec(text);
  if (parts !== null) return fromUrl((parts[1] ?? '').toLowerCase(), parts[2] ?? '');
  if (text.includes('://')) return null;
  return fromScp(text);
}

/** What follows `scheme://`. */
function fromUrl(scheme: string, rest: string): string | null {
  const slash = rest.indexOf('/');
  if (slash < 0) return null;
  // A password may hold "@", a host cannot.
  const authority = rest.slice(0, slash).replace(/^.*@/, '').toLowerCase();
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d*))?$/.exec(authority);
  if (match === null) return null;
  const [, host = '', port = ''] = match;
  const path = rest.slice(slash).replace(/[?#].*$/, '');
  return nameOf(port === '' || port === DEFAULT_PORTS[scheme] ? host : `${host}:${port}`, path);
}

/** `user@host:path`, as ssh's own copy program writes it. */
function fromScp(text: string): string | null {
  const match = /^(?:[^/@]*@)?(\[[0-9a-f:.]+\]|[^:/[\]\\]+):(.*)$/i.exec(text);
  if (match === null) return null;
  const [, host = '', path = ''] = match;
  // A drive of Windows.
  if (/^[a-z]$/i.test(host)) return null;
  return nameOf(host.toLowerCase(), path);
}

function nameOf(host: string, path: string): string | null {
  const name = path
    .split('/')
    .filter((part) => part !== '')
    .join('/')
    .replace(/\.git$/i, '')
    .replace(/\/$/, '');
  return name === '' || host === '' ? null : `${host}/${name}`;
}
