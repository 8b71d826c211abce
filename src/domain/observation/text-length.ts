import type { ObservationId } from '../shared/id.js';

/** A text that a context may say of an observation. */
export interface TextOf {
  readonly observationId: ObservationId;
  readonly text: string;
}

/** With its length in tokens. */
export interface TextLength extends TextOf {
  readonly tokens: number;
}
