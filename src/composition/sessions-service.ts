import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { watchIdleSessions } from '../application/session/watch-idle-sessions.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import type { Ground } from './ground.js';

export interface SessionsServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly api: Provider<Application>;
}

/** Puts an end to sessions that have ended without a word. */
export function createSessionsService({ log }: Ground, { storage, api }: SessionsServiceOptions): Service {
  return {
    name: 'sessions',
    needs: [storage.name, api.name],
    critical: false,
    start() {},
    warmUp(scope) {
      const { read, eventLog } = storage.provided();
      const { closeIdleSessions } = api.provided();
      return watchIdleSessions({ read, eventLog, logger: log, closeIdleSessions }, scope);
    },
  };
}
