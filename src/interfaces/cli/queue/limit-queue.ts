import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseRate } from '../input/rate.js';
import { parseWholeNumber } from '../input/whole-number.js';
import { escapeControls } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { describeBounds } from './list-limits.js';
import { namePart, type PartKind } from './queue-part.js';

const NONE = 'none';

/** What the user may say of a limit; numbers are still text. */
export interface LimitOptions extends JsonOption {
  readonly max?: string;
  readonly rate?: string;
  readonly exclusive?: boolean;
  readonly clear?: true;
}

/** Limits a part of the queue, or takes its limits away. */
export async function limitQueue(
  context: Context,
  kind: PartKind,
  name: string,
  options: LimitOptions,
): Promise<ExitCode> {
  const change = readChange(kind, options);
  await using client = await connect(context);
  const limited = await client.queue.limit.mutate({ ...namePart(kind, name), ...change });
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson(limited);
  else terminal.print(`The ${kind} ${escapeControls(limited.name)}: ${describeBounds(limited)}`);
  return EXIT.done;
}

function readChange(kind: PartKind, { max, rate, exclusive, clear }: LimitOptions) {
  const bounds = [max, rate, exclusive].filter((bound) => bound !== undefined);
  if (clear === true && bounds.length > 0) throw usageError('Give --clear, or what the limit is, not both.');
  if (clear === true) return { clear };
  if (bounds.length === 0) throw usageError('Say what the limit is: --max N, --rate 10/1m or --exclusive; or --clear.');
  if (exclusive === true && kind !== 'group')
    throw usageError('Only a group can be exclusive; to have one at a time: --max 1.');
  return {
    max: max === undefined ? undefined : max === NONE ? null : parseWholeNumber(max, '--max'),
    rate: rate === undefined ? undefined : rate === NONE ? null : parseRate(rate, '--rate'),
    exclusive,
  };
}
