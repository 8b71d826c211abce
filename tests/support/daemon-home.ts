import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from '../../src/daemon.js';
import { type HomePaths, homePaths } from '../../src/home/home-paths.js';
import { type Client, createClient } from '../../src/interfaces/client/client.js';
import { openScope } from './scope.js';
import { send } from './server-request.js';

export interface DaemonHome extends AsyncDisposable {
  readonly home: string;
  /** A directory to work in. */
  readonly work: string;
  readonly client: Client;
  /** Posts a hook as Claude Code does; resolves with its answer. */
  readonly hook: (event: string, body: object) => Promise<unknown>;
  /** Every file of the data directory in which this text stands. */
  readonly filesWith: (text: string) => Promise<string[]>;
}

/** A whole server in this process, on a data directory of its own; `prepare` puts something into it before. */
export async function openDaemonHome(prepare?: (paths: HomePaths) => Promise<void>): Promise<DaemonHome> {
  const scope = openScope('the test');
  const home = await mkdtemp(join(tmpdir(), 'cw-'));
  const work = await mkdtemp(join(tmpdir(), 'cw-work-'));
  for (const directory of [home, work]) scope.defer(directory, () => rm(directory, { recursive: true, force: true }));
  await prepare?.(homePaths(home));
  await scope.acquire(
    'server',
    () =>
      startDaemon({
        environment: { home, port: 0, logLevel: 'info', autostart: false, variables: {} },
        port: 0,
        requestStop: () => {},
        requestReplace: () => 'caller',
      }),
    (daemon) => daemon.stop('The test is over.'),
  );
  const socketPath = homePaths(home).socket;
  const client = createClient({ socketPath });
  scope.defer('client', () => client.close());
  return {
    home,
    work,
    client,
    async hook(event, body) {
      const common = { session_id: 'one', cwd: work, transcript_path: join(work, 'none.jsonl') };
      const headers = { 'content-type': 'application/json' };
      const answer = await send({
        socketPath,
        method: 'POST',
        path: `/hooks/${event}`,
        headers,
        body: JSON.stringify({ ...common, ...body }),
      });
      if (answer.status !== 200) throw new Error(`The hook was answered with ${String(answer.status)}.`);
      return answer.body;
    },
    async filesWith(text) {
      const entries = await readdir(home, { recursive: true, withFileTypes: true });
      const found: string[] = [];
      for (const entry of entries.filter((one) => one.isFile())) {
        const path = join(entry.parentPath, entry.name);
        if ((await readFile(path)).toString('latin1').toLowerCase().includes(text)) found.push(path);
      }
      return found;
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}
