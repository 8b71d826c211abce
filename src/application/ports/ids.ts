import type { Id, Prefix } from '../../domain/shared/id.js';

/** New ids. Each sorts after every id given before, also across restarts. */
export type NewId = <P extends Prefix>(prefix: P) => Id<P>;

/** A name that nobody can guess and nobody else uses, for marking an agent's processes. */
export type NewRunId = () => string;
