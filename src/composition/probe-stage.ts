import type { OpenProbeStage } from '../application/ports/probe-stage.js';
import { openTemporaryDirectory } from '../infrastructure/filesystem/temporary-directory.js';
import { createOpenProbeStage } from '../infrastructure/probe/open-probe-stage.js';
import { type AgentRuntimesOptions, createRuntimesIn } from './agent-runtimes.js';

/** Places for probes, with runtimes that know nothing of the server's environment beyond what the place passes on. */
export function createProbeStage(options: Omit<AgentRuntimesOptions, 'agents' | 'runs'>): OpenProbeStage {
  return createOpenProbeStage({
    environment: options.variables,
    openTemporaryDirectory,
    runtimeIn(place, variables, protocol) {
      const runtimes = createRuntimesIn(place, { ...options, variables });
      if (protocol === 'shell') throw new Error('A shell cannot be probed.');
      return runtimes[protocol];
    },
  });
}
