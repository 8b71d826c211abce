import { z } from 'zod';
import type { Observation } from '../../domain/observation/observation.js';
import { ObservationId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';

/** Most observations that are asked for by id at once. */
const MAX_IDS = 100;

export const GetObservations = z.strictObject({ observationIds: z.array(ObservationId).min(1).max(MAX_IDS) });
export type GetObservations = z.infer<typeof GetObservations>;

/** Those that there are, forgotten ones too, in the order asked for. */
export function createGetObservations({ read }: Pick<Dependencies, 'read'>) {
  return ({ observationIds }: GetObservations): Promise<Observation[]> =>
    read(({ observations }) => observations.getMany(observationIds));
}
