import type { ObservationOrigin } from '../../domain/observation/observation.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { SummaryMaterial } from '../../domain/summary/summarize.js';
import type { SummaryParts } from '../../domain/summary/summary.js';

/** The parts of a summary and who wrote them; null when there is nothing to tell. */
export interface Summarized {
  readonly origin: Extract<ObservationOrigin, 'rules' | 'model'>;
  readonly parts: SummaryParts | null;
}

/** Tells a session in four parts. */
export type Summarize = (material: SummaryMaterial, sessionId: SessionId) => Promise<Summarized>;
