import type { Clock } from '../../application/ports/clock.js';

/** The wall clock. */
export const clock: Clock = () => Date.now();
