import type { inferRouterOutputs } from '@trpc/server';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { AppRouter } from '../../trpc/router.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { canAsk, confirms } from '../input/confirm.js';
import { parseId } from '../input/id.js';
import { parsePastTime } from '../input/past-time.js';
import { type Client, connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';
import { findWorkspace } from '../workspace/find-workspace.js';

type Forgotten = inferRouterOutputs<AppRouter>['observation']['forget'];

/** Looking through everything may take as long, in milliseconds. */
const TIMEOUT_MS = 600_000;

export interface ForgetOptions extends JsonOption {
  readonly session?: string;
  readonly workspace?: string;
  readonly file?: string;
  readonly since?: string;
  readonly until?: string;
  readonly query?: string;
  readonly yes?: true;
}

/** Forgets what has these ids, at once, or what fits the filter, after saying how much that is. */
export async function forget(
  context: Context,
  ids: readonly string[],
  { yes, json, ...filter }: ForgetOptions,
): Promise<ExitCode> {
  const isFiltered = Object.keys(filter).length > 0;
  if (ids.length > 0 === isFiltered) {
    throw usageError('Say what to forget: ids, or else --session, --workspace, --file, --since, --until or --query.');
  }
  const observationIds = ids.map((id) => parseId('obs', id));
  if (isFiltered && yes !== true && !canAsk(json)) {
    throw usageError('Nobody can be asked here whether to forget so much; say --yes.');
  }
  await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
  const terminal = createTerminal(context);
  const wanted = isFiltered ? await readFilter(client, filter) : { observationIds };
  if (isFiltered && yes !== true) {
    const counts = await client.observation.forget.mutate({ ...wanted, dryRun: true });
    if (!(await confirms(`Forget ${describe(counts)}?`))) {
      terminal.note('Nothing was forgotten.');
      return EXIT.failed;
    }
  }
  const forgotten = await client.observation.forget.mutate(wanted);
  if (json === true) terminal.printJson(forgotten);
  else {
    terminal.print(`Forgotten: ${describe(forgotten)}.`);
    terminal.note('The bytes are in the file until: cw memory prune');
  }
  return EXIT.done;
}

async function readFilter(client: Client, { session, workspace, since, until, file, query }: ForgetOptions) {
  return {
    sessionId: session === undefined ? undefined : parseId('session', session),
    workspaceId: workspace === undefined ? undefined : await findWorkspace(client, workspace),
    since: since === undefined ? undefined : parsePastTime(since, '--since'),
    until: until === undefined ? undefined : parsePastTime(until, '--until'),
    file,
    query,
  };
}

function describe({ observations, prompts, toolUses }: Forgotten): string {
  const counted = [
    [observations, 'observation'],
    [prompts, 'prompt'],
    [toolUses, 'tool use'],
  ] as const;
  return counted
    .filter(([count], at) => count > 0 || at === 0)
    .map(([count, noun]) => `${String(count)} ${noun}${count === 1 ? '' : 's'}`)
    .join(', ');
}
