import { CONTEXT_HEAD, CONTEXT_TAIL } from './draft-context.js';

/** Tokens of the texts that are the same in every context, by `cl100k_base`; a test counts them again. */
export const FIXED_LENGTHS: ReadonlyMap<string, number> = new Map([
  [CONTEXT_HEAD, 73],
  [CONTEXT_TAIL, 7],
  ['## Pinned notes\n', 5],
  ['## Left open by the last sessions\n', 8],
  ['## Index: id, time (UTC), type, title, files\n', 15],
  ['## In full\n', 4],
]);
