import { z } from 'zod';
import { Position } from '../../domain/event/event.js';
import type { Clock } from '../ports/clock.js';
import type { TakeBackup as TakeBackupPort } from '../ports/take-backup.js';

/** Longest path that is taken, in UTF-16 code units; no system has longer ones. */
const MAX_PATH_LENGTH = 4_096;

/** `file`: an absolute path at which nothing is yet; without it the server chooses one in its data directory. */
export const TakeBackup = z.strictObject({ file: z.string().min(1).max(MAX_PATH_LENGTH).optional() });
export type TakeBackup = z.infer<typeof TakeBackup>;

/** Where the backup is, its size, the last event in it, and how long it took. */
export const BackupTaken = z.object({
  file: z.string(),
  bytes: z.int().nonnegative(),
  position: Position,
  tookMs: z.int().nonnegative(),
});
export type BackupTaken = z.infer<typeof BackupTaken>;

export function createTakeBackup({
  takeBackup,
  clock,
}: {
  readonly takeBackup: TakeBackupPort;
  readonly clock: Clock;
}) {
  return async ({ file }: TakeBackup): Promise<BackupTaken> => {
    const begin = clock();
    const backup = await takeBackup(file);
    return { ...backup, tookMs: Math.max(0, clock() - begin) };
  };
}
