import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Ground } from './ground.js';

/** Limits are days and gigabytes: an hour too late is nothing, and what an hour brings is removed within seconds. */
const INTERVAL_MS = 3_600_000;
/** A server that has just started has other work; one that ends within it has little to prune. In milliseconds. */
const FIRST_AFTER_MS = 120_000;

/** Removes what has ended its time. A run that is cut short by a stop goes on at the next start. */
export function createRetentionService({ log }: Ground, api: Provider<Application>): Service {
  return {
    name: 'retention',
    needs: [api.name],
    critical: false,
    start(scope) {
      const prune = async () => {
        try {
          const { events, tasks, agents, toolUseTexts, runs } = await api
            .provided()
            .pruneExpired({ dryRun: false }, scope.signal);
          const amounts = [events.rows, tasks.rows, agents.rows, toolUseTexts.rows, runs.directories];
          if (amounts.some((amount) => amount > 0)) {
            log.info('removed what had ended its time', { events, tasks, agents, toolUseTexts, runs });
          }
        } catch (error) {
          if (!scope.signal.aborted) throw error;
        }
      };
      scope.after('first retention', FIRST_AFTER_MS, prune);
      scope.every('retention', INTERVAL_MS, prune);
    },
  };
}
