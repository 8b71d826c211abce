import type { Timestamp } from '../../domain/shared/timestamp.js';

/** Now, by the wall clock. It may jump; nothing here assumes that it only grows. */
export type Clock = () => Timestamp;
