import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';

/** `dryRun` only says what would be done. */
export const Prune = z.strictObject({ dryRun: z.boolean().default(false) });
export type Prune = z.infer<typeof Prune>;

/** The size of the database and its write-ahead log, in bytes. */
export const Pruned = z.object({ bytesBefore: z.int().nonnegative(), bytesAfter: z.int().nonnegative() });
export type Pruned = z.infer<typeof Pruned>;

/** Leaves no byte in the database of what was forgotten or has ended its time. */
export function createPrune({ compactStorage }: Pick<Dependencies, 'compactStorage'>) {
  return async ({ dryRun }: Prune): Promise<Pruned> => compactStorage({ dryRun });
}
