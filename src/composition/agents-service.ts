import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Ground } from './ground.js';

/**
 * Goes on with the agents of an earlier server, ends those that it cannot take over, and gives their tasks back to the
 * queue; at its stop, ends its own, or leaves them to the server that follows. It stands on the API, so that followers
 * still hear of that end.
 */
export function createAgentsService(
  { instanceId }: Ground,
  api: Provider<Application>,
  /** Whether another server follows at once. */
  makesWay: () => boolean,
): Service {
  return {
    name: 'agents',
    needs: [api.name],
    critical: true,
    async start(scope) {
      const { pool, runner, trials, recover } = api.provided();
      scope.defer('trials', () => trials.close());
      scope.defer('pool', () => (makesWay() ? pool.leave() : pool.close()));
      scope.defer('attempts', () => (makesWay() ? runner.leave() : runner.close()));
      await recover(instanceId);
    },
  };
}
