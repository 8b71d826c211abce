import type { Application } from '../application/application.js';
import { type KeptCounted, keepCounted } from '../application/context/keep-counted.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import type { Ground } from './ground.js';

export interface ContextServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly api: Provider<Application>;
}

/** Keeps the lines of the next context counted: first those that an earlier server left uncounted. */
export function createContextService({ log }: Ground, { storage, api }: ContextServiceOptions): Service {
  let counted: KeptCounted | undefined;
  return {
    name: 'context',
    needs: [storage.name, api.name],
    critical: false,
    start(scope) {
      const { eventLog } = storage.provided();
      const { countNewest } = api.provided();
      counted = keepCounted({ eventLog, logger: log, countNewest }, scope);
    },
    warmUp: () => counted?.catchUp(),
  };
}
