import { z } from 'zod';
import { MAX_DELAY_MS } from '../../domain/task/task.js';

const MESSAGE = `A delay is a whole number of milliseconds from 0 to ${String(MAX_DELAY_MS)}, which is ten years.`;

/** How long from now a task waits at least, in milliseconds. */
export const Delay = z.int(MESSAGE).min(0, MESSAGE).max(MAX_DELAY_MS, MESSAGE);
