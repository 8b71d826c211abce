import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { createHookSpool } from '../infrastructure/filesystem/hook-spool.js';
import { clock } from '../infrastructure/system/clock.js';
import { timer } from '../infrastructure/system/timer.js';
import { drainSpool } from '../interfaces/hooks/drain-spool.js';
import { createHookReceiver } from '../interfaces/hooks/receive-hook.js';
import type { Ground } from './ground.js';

/** Wait after the storage has refused what was spooled (a full disk), in milliseconds: as often as an idle server may wake. */
const REST_MS = 10_000;

/** Takes in what agents' hooks could not deliver. */
export function createSpoolService({ paths, log }: Ground, api: Provider<Application>): Service {
  const spool = createHookSpool(paths.spool);
  return {
    name: 'spool',
    needs: [api.name],
    critical: false,
    start(scope) {
      const { signal } = scope;
      const rest = () =>
        new Promise<void>((resolve) => {
          const callOff = timer(REST_MS, resolve);
          signal.addEventListener('abort', () => {
            callOff();
            resolve();
          });
        });
      const draining = drainSpool(
        { spool, hooks: createHookReceiver(), app: api.provided(), logger: log },
        signal,
        rest,
      ).catch((error: unknown) => {
        log.error('what hooks spool is no longer read', { error });
      });
      scope.defer('spool', () => draining);
    },
    warmUp: () => spool.tidy(clock()),
  };
}
