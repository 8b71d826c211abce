import type { ProgramRunners } from '../../../application/ports/program-runner.js';
import { readEnd } from './end-file.js';
import { createProgramRunner, type ProgramRunnerNeeds } from './program-runner.js';

/** Runners of plain programs, each with a supervisor of its own. */
export function createProgramRunners(needs: ProgramRunnerNeeds): ProgramRunners {
  const { supervisors } = needs;
  return {
    open: (run) => createProgramRunner(needs, run, null),

    async find(run, name) {
      const { agentId, runId } = run;
      const held = await supervisors.find(agentId, runId);
      if (held === null) {
        const end = await readEnd(supervisors.directoryOf(agentId), name);
        return end === null ? null : createProgramRunner(needs, run, { held: null, ended: { name, end } });
      }
      if (held.program === null || held.program.name === name) {
        return createProgramRunner(needs, run, { held, ended: null });
      }
      held.release();
      return null;
    },
  };
}
