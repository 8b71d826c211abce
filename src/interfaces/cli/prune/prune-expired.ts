import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { renderFields } from '../output/fields.js';
import { createLiveLine } from '../output/live-line.js';
import { formatSize } from '../output/sizes.js';
import { formatDuration } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

export interface PruneOptions extends JsonOption {
  readonly dryRun?: true;
}

/** The first time after a long while may take as long, in milliseconds; some 20 seconds for a million events. */
const TIMEOUT_MS = 3_600_000;

/** Has the server remove what has ended its time, or count it. */
export async function pruneExpired(context: Context, { json, dryRun }: PruneOptions): Promise<ExitCode> {
  const terminal = createTerminal(context);
  await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
  if (dryRun !== true) context.interruptNote = 'The server goes on pruning.';
  const progress = createLiveLine(context, json !== true);
  const begin = Date.now();
  progress.show(() => `${dryRun === true ? 'Counting' : 'Pruning'} for ${formatDuration(Date.now() - begin)}…`);
  const pruned = await client.system.prune.mutate({ dryRun: dryRun === true }).finally(() => progress.clear());
  if (json === true) {
    terminal.printJson(pruned);
    return EXIT.done;
  }
  const { events, tasks, agents, toolUseTexts, runs, retention } = pruned;
  terminal.print(dryRun === true ? 'Would be removed:' : 'Removed:');
  terminal.print(
    renderFields(
      [
        ['events', `${numberOf(events.rows)}, ${age(retention.eventsDays)}`],
        ['tasks', `${numberOf(tasks.rows)}, ${age(retention.finishedTasksDays, 'finished ')}`],
        ['agents', `${numberOf(agents.rows)}, ended before both`],
        [
          'tool use texts',
          `${numberOf(toolUseTexts.rows)} with ${formatSize(toolUseTexts.bytes)}, ${age(retention.toolUseTextDays, 'distilled ')}`,
        ],
        ['attempt outputs', `${numberOf(runs.directories)} with ${formatSize(runs.bytes)}, ${outputs(retention)}`],
      ],
      terminal.colours,
    ),
  );
  return EXIT.done;
}

function numberOf(rows: number): string {
  return rows.toLocaleString('en');
}

function age(days: number | string, what = ''): string {
  if (days === 'forever') return 'kept for ever';
  return `${what}over ${String(days)} ${days === 1 ? 'day' : 'days'} ago`;
}

function outputs({
  finishedTasksDays,
  runOutputMb,
}: {
  finishedTasksDays: number | string;
  runOutputMb: number | string;
}): string {
  const parts = [
    ...(finishedTasksDays === 'forever' ? [] : ['of tasks that go']),
    ...(runOutputMb === 'forever' ? [] : [`oldest first over ${numberOf(Number(runOutputMb))} MB together`]),
  ];
  return parts.length === 0 ? 'kept for ever' : parts.join(', and ');
}
