/** A process that starts the server many times at once when its parent says so, and tells how each went. */
import { createContext } from '../../../src/interfaces/cli/context.js';
import { connect } from '../../../src/interfaces/cli/server/connect.js';
// What a command loads when it needs it is loaded before the clock starts: this measures starts and not a loader.
import '../../../src/home/file-lock.js';
import '../../../src/interfaces/cli/server/start-server.js';

/** What the parent sends. */
export interface Starting {
  readonly starters: number;
  readonly workspace: string;
}

/** What it gets back, of each starter. */
export interface Started {
  /** From the word of the parent to the answer of the server, in milliseconds. */
  readonly ms: number;
  readonly error?: string;
}

process.once('message', (message: Starting) => {
  const begin = performance.now();
  const one = async (): Promise<Started> => {
    try {
      await using client = await connect(createContext(() => undefined));
      await client.task.enqueue.mutate({ ...TASK, workspace: message.workspace, runAt: Date.now() + HOUR_MS });
      return { ms: performance.now() - begin };
    } catch (error) {
      return { ms: performance.now() - begin, error: String(error) };
    }
  };
  void Promise.all(Array.from({ length: message.starters }, one)).then((started) => process.send?.(started));
});
process.send?.('up');

const HOUR_MS = 3_600_000;
const TASK = { agent: 'shell', prompt: 'true' };
