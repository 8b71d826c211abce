import type { Random } from '../../application/ports/random.js';

/** For spreading retries. Never for secrets. */
export const random: Random = () => Math.random();
