import type { inferRouterOutputs } from '@trpc/server';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { renderTable } from '../output/table.js';
import { formatDuration, formatMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

type Limited = inferRouterOutputs<AppRouter>['queue']['limits'][number];

/** Prints the parts of the queue that are limited or paused. */
export async function listLimits(context: Context, { json }: JsonOption): Promise<ExitCode> {
  await using client = await connect(context);
  const limits = await client.queue.limits.query();
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(limits);
  else if (limits.length === 0)
    terminal.print('Nothing is limited or paused. Limit a group with: cw queue limit group NAME --max 1');
  else terminal.print(renderLimits(limits, terminal));
  return EXIT.done;
}

/** `paused, at most 2 at once, 10 in 1 m, one at a time`, or that there is none. */
export function describeBounds({ paused, max, rate, exclusive }: Limited): string {
  const parts = [
    ...(paused ? ['paused'] : []),
    ...(max === null ? [] : [`at most ${String(max)} at once`]),
    ...(rate === null ? [] : [`at most ${describeRate(rate)}`]),
    ...(exclusive ? ['one at a time, in order'] : []),
  ];
  return parts.length === 0 ? 'no limit' : parts.join(', ');
}

function describeRate({ count, periodMs }: NonNullable<Limited['rate']>): string {
  return `${String(count)} in ${formatDuration(periodMs)}`;
}

function renderLimits(limits: readonly Limited[], terminal: ReturnType<typeof createTerminal>): string {
  const now = Date.now();
  const { colours } = terminal;
  return renderTable(
    limits,
    [
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'NAME', text: ({ name }) => escapeControls(name), shrinks: true },
      {
        title: 'STATE',
        text: ({ paused }) => (paused ? 'paused' : 'running'),
        colour: (text, { paused }) => (paused ? colours.yellow(text) : text),
      },
      { title: 'RUNNING', text: ({ running }) => String(running), align: 'right' },
      { title: 'MAX', text: ({ max }) => (max === null ? '-' : String(max)), align: 'right' },
      { title: 'RATE', text: ({ rate }) => (rate === null ? '-' : describeRate(rate)) },
      { title: 'USED', text: ({ rate }) => (rate === null ? '-' : String(rate.used)), align: 'right' },
      {
        title: 'NEXT',
        text: ({ rate }) => (rate === null || rate.opensAt === null ? '-' : formatMoment(rate.opensAt, now)),
      },
      { title: 'EXCLUSIVE', text: ({ exclusive, heldBy }) => (exclusive ? (heldBy ?? 'yes') : '-') },
    ],
    terminal,
  );
}
