import type { KeptObservation } from '../observation/observation.js';

/** What a distiller makes of some tool uses: an observation without its place. */
export type Distilled = Pick<
  KeptObservation,
  'type' | 'title' | 'narrative' | 'facts' | 'concepts' | 'filesRead' | 'filesModified' | 'toolUses'
>;

/** Longest title, in UTF-16 code units: one line of a wide terminal. */
export const MAX_TITLE_LENGTH = 120;
/** Longest narrative: a paragraph. */
export const MAX_NARRATIVE_LENGTH = 2_000;
export const MAX_FACTS = 12;
export const MAX_FACT_LENGTH = 700;
export const MAX_CONCEPTS = 8;
/** Files that are listed; of more, the first. */
export const MAX_FILES = 40;
