import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import { createLiveLine } from '../output/live-line.js';
import { type Client, connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { describePart, type PartOptions, partFlags, readPart } from './queue-part.js';

type Part = ReturnType<typeof readPart>;

/** How a task leaves the state `processing`. */
const LEAVING = ['task.completed', 'task.failed', 'task.retried', 'task.cancelled', 'task.interrupted', 'task.parked'];

/** Pauses the queue, or a part of it, and waits until nothing of it runs any more. */
export async function drain(context: Context, options: PartOptions): Promise<ExitCode> {
  const part = readPart(options);
  await using client = await connect(context);
  const subject = describePart(part);
  context.interruptNote = `${capital(subject)} stays paused. Let it go on with: cw queue resume${partFlags(part)}`;
  context.endsEarlyWith(EXIT.interrupted);
  const line = createLiveLine(context);
  await untilNothingRuns(client, part, (running) => line.show(() => `${String(running)} running`));
  line.clear();
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson(await lookAt(client, part));
  else terminal.print(`${capital(subject)} is paused and no task ${part === undefined ? '' : 'of it '}is running.`);
  return EXIT.done;
}

/** Listens first, then pauses and counts, so that no task can end unseen in between. */
function untilNothingRuns(client: Client, part: Part, onCount: (running: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    async function look(): Promise<void> {
      const found = await lookAt(client, part);
      const running = 'processing' in found ? found.processing : found.running;
      onCount(running);
      if (running > 0) return;
      subscription.unsubscribe();
      resolve();
    }
    const subscription = client.event.stream.subscribe(
      { types: LEAVING },
      {
        onStarted: () => void client.queue.pause.mutate(part).then(look).catch(reject),
        onData: () => void look().catch(reject),
        onError: reject,
      },
    );
  });
}

/** The counts of the whole queue, or what is counted of a part. */
async function lookAt(client: Client, part: Part) {
  if (part === undefined) return client.queue.stats.query();
  const [limited] = await client.queue.limits.query(part);
  if (limited === undefined) throw new Error('The server told nothing of a part of the queue.');
  return limited;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
