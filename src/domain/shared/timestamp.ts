import { z } from 'zod';

/** A moment, in whole milliseconds since 1970-01-01 UTC. */
export const Timestamp = z.int().nonnegative();
export type Timestamp = z.infer<typeof Timestamp>;
