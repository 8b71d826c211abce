import type { Followed } from '../../domain/event/event.js';
import { CliError } from './cli-error.js';
import type { Context } from './context.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { JsonOption } from './help.js';
import { parseNumberIn } from './input/whole-number.js';
import type { Colours } from './output/colours.js';
import { escapeControls } from './output/escape-controls.js';
import { truncate } from './output/table.js';
import { formatClock } from './output/times.js';
import { type Client, connect } from './server/connect.js';
import { findServer } from './server/find-server.js';
import { openClient } from './server/open-client.js';
import { createTerminal } from './terminal.js';

/** Which events to show. */
export interface WatchOptions extends JsonOption {
  readonly from?: string;
  readonly type: readonly string[];
  readonly start: boolean;
}

/** Width of the longest event type, in cells. */
const TYPE_WIDTH = 'observation.forgotten'.length;

/** Prints events, one a line, until the user ends it. The client re-connects by itself and misses nothing. */
export async function watchEvents(context: Context, options: WatchOptions): Promise<ExitCode> {
  const after =
    options.from === undefined ? undefined : parseNumberIn(0, Number.MAX_SAFE_INTEGER, options.from, '--from');
  await using client = options.start ? await connect(context) : await connectIfRunning(context);
  const terminal = createTerminal(context);
  await follow(client, { after, types: options.type.length === 0 ? undefined : [...options.type] }, (event) => {
    if (options.json === true) terminal.printJson(event);
    else {
      const line = renderEvent(event, terminal.colours);
      // Colours come after the cut: a line is cut by what is seen of it.
      terminal.print(line(terminal.width));
    }
  });
  return EXIT.done;
}

async function connectIfRunning(context: Context): Promise<Client> {
  if ((await findServer(context.paths)) !== undefined) return openClient(context);
  throw new CliError(EXIT.failed, `No server runs for ${context.paths.home}. It is started by: cw start`);
}

function follow(
  client: Client,
  filter: { after: number | undefined; types: string[] | undefined },
  onEvent: (event: Followed) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.event.stream.subscribe(filter, {
      onData: ({ data }) => onEvent(data),
      onError: reject,
      onComplete: resolve,
    });
  });
}

function renderEvent(event: Followed, colours: Colours): (width: number | undefined) => string {
  const time = formatClock(event.at);
  const position = String(event.position).padStart(7);
  const type = event.type.padEnd(TYPE_WIDTH);
  const rest = event.type === 'reset' ? 'events before this position are not kept' : describe(event);
  return (width) => {
    const room = width === undefined ? undefined : width - time.length - position.length - type.length - 3;
    const shown = room === undefined ? rest : truncate(rest, Math.max(1, room));
    return `${colours.dim(time)} ${colours.dim(position)} ${colours.cyan(type)} ${shown}`;
  };
}

/** What it is about, and its data as `name=value`. */
function describe(event: Exclude<Followed, { type: 'reset' }>): string {
  const about = [event.taskId, event.sessionId, event.agentId, event.workspaceId, event.observationId];
  const data = Object.entries(event.data).map(
    ([name, value]) => `${name}=${typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value)}`,
  );
  return escapeControls([...about.filter((id) => id !== undefined), ...data].join(' '));
}
