/** Calls back once after `delayMs`; the function that comes back calls it off. A pending timer keeps no process alive. */
export type Timer = (delayMs: number, callback: () => void) => () => void;
