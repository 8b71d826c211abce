import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { startScheduler } from '../application/task/scheduler.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import type { Ground } from './ground.js';

export interface SchedulerServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly api: Provider<Application>;
  readonly agents: Service;
}

/** Hands ready tasks to agents. */
export function createSchedulerService(
  { log, loop, instanceId }: Ground,
  { storage, api, agents }: SchedulerServiceOptions,
): Service {
  return {
    name: 'scheduler',
    needs: [storage.name, api.name, agents.name],
    critical: true,
    start(scope) {
      const { eventLog } = storage.provided();
      const owner = instanceId;
      const app = api.provided();
      app.queueMeter.listen(scope);
      startScheduler({ ...app, eventLog, clock, logger: log, noteWork: loop.note, owner }, scope);
    },
    warmUp: (scope) => api.provided().queueMeter.catchUp(scope.signal),
  };
}
