import { workerJobs } from './composition/worker-jobs.js';
import { createJobRunner } from './infrastructure/workers/job-runner.js';

/** What a worker thread of the server does: one job after the other. It is built as `dist/worker.js`. */
export const runJob = createJobRunner(workerJobs);
