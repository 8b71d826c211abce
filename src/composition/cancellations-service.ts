import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { stopEndedAttempts } from '../application/task/stop-ended-attempts.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import type { Ground } from './ground.js';

export interface CancellationsServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly api: Provider<Application>;
  readonly agents: Service;
}

/** Ends what the agent of a cancelled task runs. */
export function createCancellationsService(
  { log }: Ground,
  { storage, api, agents }: CancellationsServiceOptions,
): Service {
  return {
    name: 'cancellations',
    needs: [storage.name, api.name, agents.name],
    critical: true,
    start(scope) {
      const { eventLog } = storage.provided();
      const { runner } = api.provided();
      const following = stopEndedAttempts({ eventLog, clock }, runner, scope.signal).catch((error: unknown) => {
        if (!scope.signal.aborted) log.error('cancelled attempts are no longer stopped', { error });
      });
      scope.defer('follower of the log', () => following);
    },
  };
}
