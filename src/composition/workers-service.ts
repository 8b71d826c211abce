import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Provider, provider } from '../application/lifecycle/service.js';
import { timer } from '../infrastructure/system/timer.js';
import { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from '../infrastructure/workers/worker-pool.js';
import { packageRoot } from '../installation.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

/** Runs heavy work in threads of its own. Nothing is loaded, and no thread is there, before the first job. */
export function createWorkersService({ log }: Ground): Provider<WorkerPool<WorkerJobs>> {
  return provider({
    name: 'workers',
    needs: [],
    critical: true,
    start: (scope) =>
      scope.acquire(
        'worker pool',
        () => createWorkerPool<WorkerJobs>({ ...workerEntry(), timer, logger: log }),
        (pool) => pool.close(),
      ),
  });
}

/** What a thread loads: the built worker, or, where the server itself runs from its sources, those. */
function workerEntry(): Pick<WorkerPoolOptions, 'entry' | 'execArgv'> {
  if (!import.meta.url.endsWith('.ts')) return { entry: join(packageRoot(), 'dist', 'worker.js') };
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { entry: fileURLToPath(new URL('../worker.ts', import.meta.url)), execArgv: ['--import', loader] };
}
