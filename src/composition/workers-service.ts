import { join } from 'node:path';
import { type Provider, provider } from '../application/lifecycle/service.js';
import { timer } from '../infrastructure/system/timer.js';
import { createWorkerPool, type WorkerPool } from '../infrastructure/workers/worker-pool.js';
import { packageRoot } from '../installation.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

/**
 * Runs heavy work in threads of its own, which are always what is built. Nothing is loaded, and no thread is there,
 * before the first job.
 */
export function createWorkersService({ log }: Ground): Provider<WorkerPool<WorkerJobs>> {
  return provider({
    name: 'workers',
    needs: [],
    critical: true,
    start: (scope) =>
      scope.acquire(
        'worker pool',
        () => createWorkerPool<WorkerJobs>({ entry: join(packageRoot(), 'dist', 'worker.js'), timer, logger: log }),
        (pool) => pool.close(),
      ),
  });
}
