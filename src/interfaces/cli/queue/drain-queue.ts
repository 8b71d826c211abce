import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { createLiveLine } from '../output/live-line.js';
import { type Client, connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** How a task leaves the state `processing`. */
const LEAVING = ['task.completed', 'task.failed', 'task.retried', 'task.cancelled', 'task.interrupted', 'task.parked'];

/** Pauses the queue and waits until nothing runs any more. */
export async function drain(context: Context, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  context.interruptNote = 'The queue stays paused. Let it go on with: cw queue resume';
  context.endsEarlyWith(EXIT.interrupted);
  const line = createLiveLine(context);
  await untilNothingRuns(client, (running) => line.show(() => `${String(running)} running`));
  line.clear();
  const terminal = createTerminal(context);
  const stats = await client.queue.stats.query();
  if (json === true) terminal.printJson(stats);
  else terminal.print('The queue is paused and no task is running.');
  return EXIT.done;
}

/** Listens first, then pauses and counts, so that no task can end unseen in between. */
function untilNothingRuns(client: Client, onCount: (running: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    async function look(): Promise<void> {
      const { processing } = await client.queue.stats.query();
      onCount(processing);
      if (processing > 0) return;
      subscription.unsubscribe();
      resolve();
    }
    const subscription = client.event.stream.subscribe(
      { types: LEAVING },
      {
        onStarted: () => void client.queue.pause.mutate().then(look).catch(reject),
        onData: () => void look().catch(reject),
        onError: reject,
      },
    );
  });
}
