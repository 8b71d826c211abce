import type { EntryType } from '../../../application/memory/memory-entry.js';

/** Every type, in the order of help; the record does not compile without one of them. */
const TYPES: Readonly<Record<EntryType, true>> = {
  change: true,
  fix: true,
  feature: true,
  refactor: true,
  decision: true,
  discovery: true,
  test: true,
  command: true,
  note: true,
  summary: true,
  prompt: true,
};

export const ENTRY_TYPES = Object.keys(TYPES);
