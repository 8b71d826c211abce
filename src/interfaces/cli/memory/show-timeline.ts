import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { isId, parseId } from '../input/id.js';
import { parsePastTime } from '../input/past-time.js';
import { parseNumberIn } from '../input/whole-number.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { findWorkspace } from '../workspace/find-workspace.js';
import { printEntries } from './print-entries.js';

/** Most entries on one side, as the API takes it. */
const MAX_SIDE = 50;

export interface TimelineOptions extends JsonOption {
  readonly at?: string;
  readonly workspace?: string;
  readonly session?: string;
  readonly before: string;
  readonly after: string;
}

/** Prints what was before and after an entry, a moment (now), or what answers a question best; oldest first. */
export async function showTimeline(context: Context, words: string[], options: TimelineOptions): Promise<ExitCode> {
  const { at, workspace, session } = options;
  const [first = ''] = words;
  if (words.length > 0 && at !== undefined)
    throw usageError('Give an id or a question, or a time with --at, not both.');
  const around =
    words.length === 0
      ? { at: at === undefined ? Date.now() : parsePastTime(at, '--at') }
      : words.length === 1 && (isId('obs', first) || isId('prompt', first))
        ? { id: first }
        : { query: words.join(' ') };
  const sides = {
    before: parseNumberIn(0, MAX_SIDE, options.before, '--before'),
    after: parseNumberIn(0, MAX_SIDE, options.after, '--after'),
  };
  const sessionId = session === undefined ? undefined : parseId('session', session);
  await using client = await connect(context);
  const workspaceId = workspace === undefined ? undefined : await findWorkspace(client, workspace);
  const timeline = await client.observation.timeline.query({ ...around, ...sides, workspaceId, sessionId });
  const terminal = createTerminal(context);
  if (options.json === true) terminal.printJson(timeline);
  else if (timeline.items.length === 0) terminal.note('Nothing is remembered of that.');
  else printEntries(terminal, timeline.items, timeline.anchor);
  return EXIT.done;
}
