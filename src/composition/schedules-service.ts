import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { watchSchedules } from '../application/schedule/watch-schedules.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import type { Ground } from './ground.js';

export interface SchedulesServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly api: Provider<Application>;
}

/** Enqueues the tasks of schedules when their times come. */
export function createSchedulesService({ log, loop }: Ground, { storage, api }: SchedulesServiceOptions): Service {
  return {
    name: 'schedules',
    needs: [storage.name, api.name],
    critical: true,
    start(scope) {
      const { read, eventLog } = storage.provided();
      watchSchedules({ ...api.provided(), read, eventLog, clock, logger: log, noteWork: loop.note }, scope);
    },
  };
}
