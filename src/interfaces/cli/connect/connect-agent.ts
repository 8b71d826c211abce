import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { defaultHome } from '../../../home/home-paths.js';
import { serverProgram } from '../../../installation.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { createTerminal } from '../terminal.js';
import { ADVICE, CONNECTABLE, type Connectable, settingsOf } from './agent-settings.js';
import { type Change, makeChange, planChange } from './change-settings.js';
import type { Place } from './place.js';
import { showDifference } from './show-difference.js';

export interface ConnectOptions extends JsonOption {
  readonly dryRun?: true;
  readonly remove?: true;
}

/** Writes our hooks and MCP entry to an agent's settings, or removes them; all files are good before one is written. */
export async function connectAgent(context: Context, name: string, options: ConnectOptions): Promise<ExitCode> {
  const agent = CONNECTABLE.find((known) => known === name);
  if (agent === undefined) {
    throw usageError(`cw cannot connect "${name}"; it knows ${CONNECTABLE.join(', ')}.`);
  }
  const place = options.remove === true ? null : placeOf(context);
  const { variables } = context.environment;
  const files = settingsOf(agent, variables);
  const changes: Change[] = [];
  for (const file of files) changes.push(await planChange(file, place, variables));

  const backups: (string | null)[] = [];
  for (const [index, file] of files.entries()) {
    const makes = options.dryRun !== true && changes[index]?.changed === true;
    backups.push(makes ? await makeChange(file, place) : null);
  }
  report(context, { agent, changes, backups, options });
  return EXIT.done;
}

/** What agents are to run for this command's own installation and data directory. */
export function placeOf({ environment: { home } }: Context): Place {
  return { node: process.execPath, cw: serverProgram(), home: home === defaultHome() ? null : home };
}

interface Outcome {
  readonly agent: Connectable;
  readonly changes: readonly Change[];
  readonly backups: readonly (string | null)[];
  readonly options: ConnectOptions;
}

function report(context: Context, { agent, changes, backups, options }: Outcome): void {
  const terminal = createTerminal(context);
  const dryRun = options.dryRun === true;
  const isConnected = options.remove !== true;
  const advice = isConnected ? ADVICE[agent] : null;
  if (options.json === true) {
    const files = changes.map((change, index) => ({
      path: change.path,
      changed: change.changed,
      backup: backups[index] ?? null,
      ...(dryRun && { difference: change.changed ? showDifference(change) : '' }),
    }));
    const changed = changes.some((change) => change.changed);
    terminal.printJson({ agent, connected: isConnected, dryRun, changed, files, advice });
    return;
  }
  const changed = changes.filter((change) => change.changed);
  if (changed.length === 0) {
    terminal.print(isConnected ? `${agent} is connected already.` : `${agent} is not connected.`);
    return;
  }
  if (dryRun) terminal.print(changed.map(showDifference).join('\n'));
  else {
    const kept = backups.filter((backup) => backup !== null);
    const before = kept.length === 0 ? '' : ` What was there before is in ${kept.map(escapeControls).join(', ')}.`;
    const where = changed.map(({ path }) => escapeControls(path)).join(', ');
    terminal.print(
      isConnected
        ? `${agent} is connected, from its next session on: ${where}.${before}`
        : `${agent} is not connected any more: ${where}.${before}`,
    );
  }
  if (advice !== null) terminal.note(advice);
}
