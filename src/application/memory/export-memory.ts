import { z } from 'zod';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import type { Dependencies } from '../dependencies.js';

/** `file`: an absolute path of the server's machine, at which nothing is yet. */
export const ExportMemory = z.strictObject({ file: z.string().min(1).max(MAX_PATH_LENGTH) });
export type ExportMemory = z.infer<typeof ExportMemory>;

export const Exported = z.object({ records: z.int().nonnegative(), bytes: z.int().nonnegative() });
export type Exported = z.infer<typeof Exported>;

/** Writes workspaces, sessions, prompts and observations to a file; what tools were given and gave back stays behind. */
export function createExportMemory({ memoryFile }: Pick<Dependencies, 'memoryFile'>) {
  return ({ file }: ExportMemory): Promise<Exported> => memoryFile.write(file);
}
