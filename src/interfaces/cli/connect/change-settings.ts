import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Variables } from '../../../environment.js';
import { EXIT } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { AgentFile } from './agent-settings.js';
import type { Place } from './place.js';
import { readSettings, replaceFile } from './settings-file.js';
import { lockSettings } from './settings-lock.js';
import { isTracked } from './tracked.js';

/** Most times that a file is looked at anew because somebody who takes no lock has written it meanwhile. */
const MAX_TRIES = 5;

/** What connecting does, or would do, to a file. */
export interface Change {
  readonly path: string;
  /** The text before; null when there was no file. */
  readonly before: string | null;
  readonly after: string;
  readonly changed: boolean;
}

/** What would change. Throws as reading and editing do, and for a file that a repository tracks. */
export async function planChange(
  { path, edit }: AgentFile,
  place: Place | null,
  variables: Variables,
): Promise<Change> {
  const { real, text } = readSettings(path);
  const after = edit(text ?? '', place);
  const changed = after !== (text ?? '');
  if (changed && text !== null && (await isTracked(real, variables))) {
    throw new CliError(
      EXIT.notAllowed,
      `A git repository tracks ${real}, and what cw writes holds for this machine only; nothing was written. \`--dry-run\` shows it.`,
    );
  }
  return { path, before: text, after, changed };
}

/** Changes the file under its lock, and keeps what was there as `<file>.cw-backup`. Gives the backup's path, if any. */
export async function makeChange({ path, edit }: AgentFile, place: Place | null): Promise<string | null> {
  const directory = dirname(readSettings(path).real);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  using _lock = await lockSettings(readSettings(path).real);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { real, text, mode } = readSettings(path);
    const after = edit(text ?? '', place);
    if (after === (text ?? '')) return null;
    const backup = text === null ? null : `${path}.cw-backup`;
    if (backup !== null && text !== null) await replaceFile(backup, text, mode);
    if (readSettings(path).text !== text) continue;
    await replaceFile(real, after, mode);
    return backup;
  }
  throw new CliError(EXIT.failed, `Another program keeps changing ${path}; nothing was written.`);
}
