/** What the server answers at which path. */
export type Route =
  | { readonly name: 'health' | 'ready' | 'nothing' }
  /** `path` is the procedure's name, or several with commas between, as it stands in the URL. */
  | { readonly name: 'trpc'; readonly path: string };

const TRPC = '/trpc/';

/** Finds the route of a request's URL, which begins with its path. */
export function routeOf(url: string): Route {
  const [path = ''] = url.split('?', 1);
  if (path.startsWith(TRPC)) return { name: 'trpc', path: path.slice(TRPC.length) };
  if (path === '/health') return { name: 'health' };
  if (path === '/ready') return { name: 'ready' };
  return { name: 'nothing' };
}

/** The methods that a URL takes; a mutation is a POST, all else is a GET. */
export function methodsOf(url: string): readonly string[] {
  const { name } = routeOf(url);
  return name === 'health' || name === 'ready' ? ['GET'] : ['GET', 'POST'];
}
