import type { Embedder } from '../application/ports/embedder.js';
import type { Logger } from '../application/ports/logger.js';
import type { Config } from '../config.js';
import type { Variables } from '../environment.js';
import { createEmbedder } from '../infrastructure/models/create-embedder.js';

/** The embedder, if one is configured; nothing of its SDK is loaded yet. Without its key there is none, and the log says so. */
export function openEmbedder({ memory: { vectors } }: Config, variables: Variables, log: Logger): Embedder | null {
  if (vectors === undefined) return null;
  const { apiKeyEnv, ...settings } = vectors;
  const apiKey = apiKeyEnv === undefined ? '' : variables[apiKeyEnv];
  if (apiKey === undefined || (apiKeyEnv !== undefined && apiKey === '')) {
    log.warn('searches go by words alone, because the variable with the key of the embedder is not set', { apiKeyEnv });
    return null;
  }
  return createEmbedder({ ...settings, apiKey });
}
