import { z } from 'zod';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { Dependencies } from '../dependencies.js';
import type { ForeignPlace, ForeignProject } from '../ports/claude-mem.js';
import { placeOf, type WorkspacePlace } from '../workspace/workspace-place.js';
import { ForeignImport } from './foreign-import.js';

/** `file`: an absolute path of the server's machine. */
export const ImportClaudeMem = z.strictObject({ file: z.string().min(1).max(MAX_PATH_LENGTH) });
export type ImportClaudeMem = z.infer<typeof ImportClaudeMem>;

export const ImportedClaudeMem = z.object({
  imported: z.int().nonnegative(),
  known: z.int().nonnegative(),
  /** Prompts that are empty or of no session. */
  skipped: z.int().nonnegative(),
  /** Projects of what is new of which no directory is known here. */
  unplaced: z.array(z.string()),
});
export type ImportedClaudeMem = z.infer<typeof ImportedClaudeMem>;

/**
 * Takes in the memory of claude-mem. A row that was imported before, also one that was forgotten since, is not taken
 * again. A project becomes the workspace of the directory that its files are in, else the one workspace of its name, else
 * a removed workspace that keeps the name.
 */
export function createImportClaudeMem({
  claudeMem,
  transaction,
  clock,
  newId,
  ...look
}: Pick<Dependencies, 'claudeMem' | 'transaction' | 'clock' | 'newId' | 'directories' | 'repositories'>) {
  return async ({ file }: ImportClaudeMem): Promise<ImportedClaudeMem> => {
    await using copy = await claudeMem.open(file);
    const importing = new ForeignImport(await placesOf(copy.projects, look), newId, clock());
    const counts = { imported: 0, known: 0, skipped: 0 };
    for (let place: ForeignPlace | null = { table: 'sessions', after: 0 }; place !== null; ) {
      const { records, next } = await copy.read(place);
      await transaction(async (stores) => {
        for (const record of records) counts[await importing.take(stores, record)] += 1;
      });
      place = next;
    }
    return { ...counts, unplaced: importing.unplaced() };
  };
}

/** Where each project is, of those whose directory is there. */
async function placesOf(
  projects: readonly ForeignProject[],
  look: Pick<Dependencies, 'directories' | 'repositories'>,
): Promise<ReadonlyMap<string, WorkspacePlace>> {
  const places = new Map<string, WorkspacePlace>();
  for (const { name, directories } of projects) {
    for (const directory of directories) {
      const place = await placeIfThere(directory, look);
      if (place === null) continue;
      places.set(name, place);
      break;
    }
  }
  return places;
}

async function placeIfThere(directory: string, look: Pick<Dependencies, 'directories' | 'repositories'>) {
  try {
    return await placeOf(directory, look);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_input') return null;
    throw error;
  }
}
