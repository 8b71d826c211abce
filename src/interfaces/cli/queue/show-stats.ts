import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Shows how full the queue is, and what it did in the last hour. */
export async function showStats(context: Context, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const stats = await client.queue.stats.query();
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(stats);
  else {
    const { renderStats } = await import('./render-stats.js');
    terminal.print(renderStats(stats, Date.now(), terminal.colours));
  }
  return EXIT.done;
}
