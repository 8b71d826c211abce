import type { Directories } from '../../application/ports/directories.js';
import type { FindProgram } from '../../application/ports/find-program.js';

/**
 * How long what was found is taken to be there still, in milliseconds: a burst of tasks looks at the disk once, which would
 * take longer than to store them, and who installs or removes something is seen within a second.
 */
const LATELY_MS = 1_000;
/** Most answers that are kept; beyond that all are forgotten, which costs a look each. */
const MAX_KEPT = 1_000;

/** Remembers for a second what a look has found, and shares a look that is under way. What is not found is not remembered. */
export function createFoundLately<Found>(now = () => performance.now()) {
  const kept = new Map<string, { readonly found: Promise<Found>; readonly until: number }>();
  return (key: string, look: () => Promise<Found>): Promise<Found> => {
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.found;
    if (kept.size >= MAX_KEPT) kept.clear();
    const found = look();
    kept.set(key, { found, until: now() + LATELY_MS });
    const forget = () => {
      if (kept.get(key)?.found === found) kept.delete(key);
    };
    found.then((value) => {
      if (value === null) forget();
    }, forget);
    return found;
  };
}

/** Directories, looked at once a second at most. */
export function directoriesFoundLately(directories: Directories): Directories {
  const lately = createFoundLately<string>();
  return { resolve: (path) => lately(path, () => directories.resolve(path)) };
}

/** Programs, looked for once a second at most. */
export function programsFoundLately(findProgram: FindProgram): FindProgram {
  const lately = createFoundLately<string | null>();
  return (command, path) => lately(JSON.stringify([command, path]), () => findProgram(command, path));
}
