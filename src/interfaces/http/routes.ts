/** What the server answers at which path. */
export type Route =
  | { readonly name: 'health' | 'ready' | 'metrics' | 'mcp' | 'nothing' }
  /** `path` is the procedure's name, or several with commas between, as it stands in the URL. */
  | { readonly name: 'trpc'; readonly path: string }
  /** `event` is what the path names, known or not. */
  | { readonly name: 'hooks'; readonly event: string };

const TRPC = '/trpc/';
const HOOKS = '/hooks/';

/** Finds the route of a request's URL, which begins with its path. */
export function routeOf(url: string): Route {
  const path = pathOf(url);
  if (path.startsWith(TRPC)) return { name: 'trpc', path: path.slice(TRPC.length) };
  if (path.startsWith(HOOKS)) return { name: 'hooks', event: path.slice(HOOKS.length) };
  if (path === '/health') return { name: 'health' };
  if (path === '/ready') return { name: 'ready' };
  if (path === '/metrics') return { name: 'metrics' };
  if (path === '/mcp') return { name: 'mcp' };
  return { name: 'nothing' };
}

/** A URL up to its query. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** The query of a URL, without the `?` before it; a further `?` belongs to the query. */
export function searchOf(url: string): string {
  return url.slice(pathOf(url).length + 1);
}

/** The methods that a URL takes; a mutation and a hook are a POST, all else is a GET. */
export function methodsOf(url: string): readonly string[] {
  const { name } = routeOf(url);
  // No GET: this server never speaks first.
  if (name === 'mcp') return ['POST', 'DELETE'];
  if (name === 'hooks') return ['POST'];
  return name === 'trpc' || name === 'nothing' ? ['GET', 'POST'] : ['GET'];
}
