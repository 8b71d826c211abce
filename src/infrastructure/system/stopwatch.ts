import { performance } from 'node:perf_hooks';
import type { Stopwatch } from '../../application/ports/stopwatch.js';

/** Measures with the monotonic clock, and with what the event loop knows of itself. */
export const stopwatch: Stopwatch = {
  elapsed: () => performance.now(),
  busy: () => performance.eventLoopUtilization().active,
};
