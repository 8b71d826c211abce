import { z } from 'zod';
import type { AgentCheck } from '../../domain/agent/agent-check.js';
import { ProfileName } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { AgentFiles } from '../ports/agent-files.js';
import type { NewRunId } from '../ports/ids.js';
import type { OpenTemporaryDirectory } from '../ports/temporary-directory.js';
import type { Runtimes } from './start-agent.js';
import type { Trials } from './trials.js';

/** Longest wait for an agent's answer, in milliseconds: Gemini takes 8 s on a busy machine. */
const CHECK_TIMEOUT_MS = 30_000;

export const CheckAgent = z.strictObject({ profile: ProfileName });
export type CheckAgent = z.infer<typeof CheckAgent>;

interface Needs extends Pick<Dependencies, 'profiles' | 'newId' | 'logger'> {
  readonly runtimes: Runtimes;
  readonly newRunId: NewRunId;
  readonly agentFiles: AgentFiles;
  readonly openTemporaryDirectory: OpenTemporaryDirectory;
  readonly trials: Trials;
}

/**
 * Starts a profile's agent outside of the queue, in an empty directory, greets it and ends it. Throws `invalid_input` for
 * an unknown profile; whatever the agent does is told by the answer.
 */
export function createCheckAgent(needs: Needs) {
  return async ({ profile: name }: CheckAgent): Promise<AgentCheck> => {
    const { problem, program, version, protocol } = await needs.profiles.look(name);
    if (problem !== null) return { profile: name, outcome: 'fails', version, message: problem, receipt: null };
    const runtime = needs.runtimes[protocol];
    const check = runtime?.check?.bind(runtime);
    if (check === undefined) {
      const message = `${program ?? name} is there; it speaks no protocol that it could be greeted in.`;
      return { profile: name, outcome: 'found', version, message, receipt: null };
    }
    const profile = await needs.profiles.get(name);
    const greeted = await needs.trials.run(async (signal) => {
      await using directory = await needs.openTemporaryDirectory();
      const agentId = needs.newId('agent');
      const start = { agentId, profile, runId: needs.newRunId(), signal };
      const said = await check({ ...start, workspace: directory.path, timeoutMs: CHECK_TIMEOUT_MS });
      await needs.agentFiles.remove(agentId).catch((error: unknown) => {
        needs.logger.warn('what an agent wrote that was checked could not be removed', { agentId, error });
      });
      return said;
    });
    const left = greeted.receipt.left > 0 ? 'Not all that it started could be ended.' : null;
    const fault = greeted.problem ?? left;
    return {
      profile: name,
      outcome: fault === null ? 'answers' : 'fails',
      version: greeted.version ?? version,
      message: fault ?? 'It answers its greeting.',
      receipt: greeted.receipt,
    };
  };
}
