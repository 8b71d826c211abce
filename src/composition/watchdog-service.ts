import { join } from 'node:path';
import type { Service } from '../application/lifecycle/service.js';
import { startWatchdog } from '../infrastructure/event-loop/start-watchdog.js';
import { packageRoot } from '../installation.js';
import type { Ground } from './ground.js';

/** A loop that has not turned for so long will not again, in milliseconds: the longest honest work takes some hundred. */
export const DEAD_MS = 30_000;

/** Ends the process when its event loop is dead, so that the next client starts another one. A server works without it. */
export function createWatchdogService({ paths, log, loop }: Ground, deadMs: number): Service {
  return {
    name: 'watchdog',
    needs: [],
    critical: false,
    start() {
      // Nothing before the server answers: a thread takes some 40 ms to start, and there is little to watch yet.
    },
    async warmUp(scope) {
      await scope.acquire(
        'watchdog thread',
        () =>
          startWatchdog({
            program: join(packageRoot(), 'dist', 'watchdog-thread.js'),
            notes: loop.notes,
            deadMs,
            logFile: paths.serverLog,
            logger: log,
          }),
        (watchdog) => watchdog.close(),
      );
    },
  };
}
