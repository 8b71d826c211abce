import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Ground } from './ground.js';

/** Puts an end to sessions that have ended without a word while nobody listened. */
export function createSessionsService({ log }: Ground, api: Provider<Application>): Service {
  return {
    name: 'sessions',
    needs: [api.name],
    critical: false,
    start() {},
    async warmUp(scope) {
      const closed = await api.provided().closeIdleSessions(scope.signal);
      if (closed > 0) log.info('closed sessions of which nothing was heard for long', { closed });
    },
  };
}
