import type { Dependencies } from '../dependencies.js';
import type { SweepRuns } from '../ports/agent-runtime.js';
import type { DistillerPlace } from '../ports/distiller-place.js';

/** Ends an agent that distilled for a server that died, and removes what it was told. */
export function createClearDistiller({
  distillerPlace,
  sweepRuns,
  logger,
}: Pick<Dependencies, 'logger'> & { readonly distillerPlace: DistillerPlace; readonly sweepRuns: SweepRuns }) {
  return async (): Promise<void> => {
    const runId = await distillerPlace.left();
    if (runId === null) return;
    const receipt = await sweepRuns([runId]);
    logger.warn('ended the distiller of a dead server', receipt);
    await distillerPlace.clear();
  };
}
