import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Ground } from './ground.js';

/**
 * Ends the agents of a server that died, and gives their tasks back to the queue; at its stop, ends its own. It stands
 * on the API, so that followers still hear of that end.
 */
export function createAgentsService({ instanceId }: Ground, api: Provider<Application>): Service {
  return {
    name: 'agents',
    needs: [api.name],
    critical: true,
    async start(scope) {
      const { pool, runner, trials, recover } = api.provided();
      scope.defer('trials', () => trials.close());
      scope.defer('pool', () => pool.close());
      scope.defer('attempts', () => runner.close());
      await recover(instanceId);
    },
  };
}
