import { z } from 'zod';

/** Tokens as a response says them; undefined if it does not. Servers that do not count say 0 for a call that took some. */
export const TokenCount = z.int().positive().optional().catch(undefined);
