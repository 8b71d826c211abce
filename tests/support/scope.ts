import { createScope, type Scope } from '../../src/application/lifecycle/scope.js';
import type { Logger } from '../../src/application/ports/logger.js';
import type { Timer } from '../../src/application/ports/timer.js';
import { timer } from '../../src/infrastructure/system/timer.js';

/** A scope with real timers, unless the test brings its own; what it logs is a failure of the test. */
export function openScope(
  name: string,
  ports: { readonly timer?: Timer; readonly logger?: Pick<Logger, 'error'> } = {},
): Scope {
  const error = (message: string, details: object = {}) => {
    throw new Error(message, { cause: details });
  };
  return createScope(name, { timer, logger: { error }, ...ports });
}
