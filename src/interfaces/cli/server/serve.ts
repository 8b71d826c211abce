import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../../environment.js';
import type { ExitCode } from '../../../exit-codes.js';
import { prepareHome } from '../../../home/prepare-home.js';
import { packageRoot } from '../../../installation.js';
import type { Context } from '../context.js';
import { parseNumberIn } from '../input/whole-number.js';

/** What `dist/main.js` offers. Written down here, because nothing may be built upon the server's own entry. */
interface Main {
  serve(options: { readonly environment: Environment; readonly port?: number }): Promise<ExitCode>;
}

/** Runs the server in this process until it ends. */
export async function serve({ environment, paths }: Context, options: { port?: string }): Promise<ExitCode> {
  const port = options.port === undefined ? undefined : parseNumberIn(0, 65_535, options.port, '--port');
  await prepareHome(paths);
  // By address and not by name: the server is a program of its own beside the CLI, and must not be built into it.
  const main = (await import(pathToFileURL(join(packageRoot(), 'dist', 'main.js')).href)) as Main;
  return main.serve({ environment, ...(port === undefined ? {} : { port }) });
}
