import type { Stretch } from '../../domain/distil/distil-by-rules.js';
import type { Distilled } from '../../domain/distil/distilled.js';
import type { ObservationOrigin } from '../../domain/observation/observation.js';
import type { SessionId } from '../../domain/shared/id.js';

/** What was made of a stretch, and by whom. */
export interface Distillation {
  readonly origin: Extract<ObservationOrigin, 'rules' | 'model'>;
  readonly observations: readonly Distilled[];
  /** Why no model has made it, though one was asked: a sentence. */
  readonly deadLetter?: string;
}

/** Makes observations of neighbouring tool uses of one turn. Rejects with the signal's reason when it is called off. */
export type Distil = (stretch: Stretch, sessionId: SessionId, signal: AbortSignal) => Promise<Distillation>;
