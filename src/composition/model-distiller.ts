import type { ModelDistiller } from '../application/distil/distil-by-model.js';
import type { Logger } from '../application/ports/logger.js';
import type { Config } from '../config.js';
import type { Variables } from '../environment.js';
import { openModel } from '../infrastructure/models/open-model.js';

/**
 * The model that distils, if one is configured; nothing of its SDK is loaded yet. A server may have been started by an
 * agent's hook, in an environment without the key: then the rules distil, and the log says so.
 */
export function createModelDistiller(
  distiller: Config['memory']['distiller'],
  variables: Variables,
  log: Logger,
): ModelDistiller | null {
  if (distiller === 'rules') return null;
  const { apiKeyEnv, dailyTokens, sessionTokens, dailyUsd, prices, ...where } = distiller;
  const apiKey = variables[apiKeyEnv];
  if (apiKey === undefined || apiKey === '') {
    log.warn('rules distil, because the variable with the key of the model is not set', { apiKeyEnv });
    return null;
  }
  const budget = { dailyTokens, sessionTokens, dailyUsd };
  return { ask: openModel({ ...where, apiKey }), budget, prices };
}
