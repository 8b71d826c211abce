import { createAskAgent } from '../application/distil/ask-agent.js';
import type { ModelDistiller } from '../application/distil/distil-by-model.js';
import type { Logger } from '../application/ports/logger.js';
import type { Config } from '../config.js';
import type { Variables } from '../environment.js';
import { ConfigurationError } from '../environment.js';
import { BUILT_IN_PROFILES } from '../infrastructure/agents/built-in-profiles.js';
import { openModel } from '../infrastructure/models/open-model.js';

/** What an agent that distils needs beyond what the configuration says of it. */
type AgentNeeds = Omit<Parameters<typeof createAskAgent>[0], 'profile' | 'timeoutMs' | 'logger'>;

interface Needs {
  readonly variables: Variables;
  readonly log: Logger;
  /** Called only for an agent. */
  readonly agent: () => AgentNeeds;
}

/**
 * The model or agent that distils, if one is configured; nothing of an SDK is loaded yet, and no program started. A
 * server may have been started by an agent's hook, in an environment without the key: then the rules distil, and the log
 * says so. Throws a ConfigurationError for an agent that cannot distil.
 */
export function createModelDistiller(
  { memory: { distiller }, agents }: Pick<Config, 'memory' | 'agents'>,
  { variables, log, agent }: Needs,
): ModelDistiller | null {
  if (distiller === 'rules') return null;
  const { dailyTokens, sessionTokens, dailyUsd, prices, timeoutMs } = distiller;
  const limits = { budget: { dailyTokens, sessionTokens, dailyUsd }, prices };
  if ('agent' in distiller) {
    requireDistiller(distiller.agent, agents);
    return { ask: createAskAgent({ ...agent(), profile: distiller.agent, timeoutMs, logger: log }), ...limits };
  }
  const { provider, model, baseUrl, apiKeyEnv } = distiller;
  const apiKey = variables[apiKeyEnv];
  if (apiKey === undefined || apiKey === '') {
    log.warn('rules distil, because the variable with the key of the model is not set', { apiKeyEnv });
    return null;
  }
  return { ask: openModel({ provider, model, baseUrl, apiKey, timeoutMs }), ...limits };
}

function requireDistiller(name: string, agents: Config['agents']): void {
  const known = new Map(Object.entries({ ...BUILT_IN_PROFILES, ...agents }));
  const profile = known.get(name);
  if (profile === undefined) {
    throw new ConfigurationError(
      `memory.distiller.agent is ${JSON.stringify(name)}, and there is no such agent profile; there are ${[...known.keys()].join(', ')}.`,
    );
  }
  if (profile.protocol === 'shell') {
    throw new ConfigurationError(
      `memory.distiller.agent is ${JSON.stringify(name)}, which runs what it is told as a command; name a profile of another protocol.`,
    );
  }
}
