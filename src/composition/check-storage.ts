import { existsSync } from 'node:fs';
import { LastingFault } from '../application/lifecycle/service.js';
import type { Workers } from '../application/ports/workers.js';
import { readCheck, writeCheck } from '../home/check-record.js';
import { clock } from '../infrastructure/system/clock.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

/**
 * A database is read through at most once in this time, in milliseconds, however often the server starts: often enough
 * to find damage while a good backup is there, and seldom enough for gigabytes. One that was found damaged is looked at
 * again at every start, until it was mended.
 */
const CHECK_INTERVAL_MS = 24 * 3_600_000;
/** A check that takes longer has hung, in milliseconds. */
const CHECK_TIMEOUT_MS = 3_600_000;

/** A new database needs no check, which is then due in a day. */
export async function noteNewDatabase({ paths }: Pick<Ground, 'paths'>): Promise<void> {
  if (!existsSync(paths.database)) await writeCheck(paths.databaseCheck, { checkedAt: clock(), faults: [] });
}

/** Reads the database through in a worker thread, if that is due. Throws a LastingFault for damage. */
export async function checkStorage(
  { paths, log }: Pick<Ground, 'paths' | 'log'>,
  workers: Workers<WorkerJobs>,
  signal: AbortSignal,
): Promise<void> {
  const { database, databaseCheck } = paths;
  const last = await readCheck(databaseCheck);
  const since = clock() - (last?.checkedAt ?? 0);
  // A clock that was set back must not put the check off for years.
  if (last?.faults.length === 0 && since >= 0 && since < CHECK_INTERVAL_MS) return;

  const options = { timeoutMs: CHECK_TIMEOUT_MS, signal };
  const { faults } = await workers.run('checkDatabase', { file: database }, options);
  await writeCheck(databaseCheck, { checkedAt: clock(), faults: [...faults] });
  const [first] = faults;
  if (first === undefined) return;
  log.error('the database is damaged', { database, faults });
  throw new LastingFault(
    `${database} is damaged (${first}); stop the server, and go back to a backup with "cw restore".`,
  );
}
