import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Embedder } from '../application/ports/embedder.js';
import { fillVectors } from '../application/vectors/fill-vectors.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import { timer } from '../infrastructure/system/timer.js';
import type { Ground } from './ground.js';

/** Gives what is remembered its vectors, in the background; does nothing without an embedder. */
export function createVectorsService(
  { log }: Ground,
  { storage, embedder }: { readonly storage: Provider<SqliteStorage>; readonly embedder: Embedder | null },
): Service {
  return {
    name: 'vectors',
    needs: [storage.name],
    critical: false,
    start(scope) {
      if (embedder === null) return;
      const { transaction, read, eventLog } = storage.provided();
      const needs = { transaction, read, eventLog, clock, timer, logger: log, embedder };
      const filling = fillVectors(needs, scope.signal).catch((error: unknown) => {
        if (!scope.signal.aborted) log.error('no more vectors are made', { error });
      });
      scope.defer('the making of vectors', () => filling);
    },
  };
}
