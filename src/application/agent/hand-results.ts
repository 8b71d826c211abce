import type { Protocol } from '../../domain/agent/agent-profile.js';
import type { SessionId } from '../../domain/shared/id.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { AttemptFiles } from '../ports/attempt-files.js';
import type { createReadResults } from '../task/get-results.js';

/** Programs of these read CW_RESULTS; what they are given is a command line, or the input of one. */
const PROGRAMS: ReadonlySet<Protocol> = new Set(['command', 'shell']);

/** Results that an attempt is handed: the file, and what is said of it before the prompt. */
export interface HandedResults {
  readonly resultsFile: string | undefined;
  readonly preface: string;
}

const NOTHING: HandedResults = { resultsFile: undefined, preface: '' };

/** Writes what the tasks gave that this one comes after into a file of the attempt, before its agent is given the prompt. */
export function createHandResults({
  profiles,
  attemptFiles,
  readResults,
}: Pick<Dependencies, 'profiles'> & {
  readonly attemptFiles: AttemptFiles;
  readonly readResults: ReturnType<typeof createReadResults>;
}) {
  return async ({ id, epoch, agent, after }: ProcessingTask, sessionId: SessionId): Promise<HandedResults> => {
    if (after.length === 0) return NOTHING;
    const results = await readResults({ after, sessionId });
    if (results.length === 0) return NOTHING;
    const resultsFile = await attemptFiles.writeResults(attemptName(id, epoch), JSON.stringify(results));
    const { protocol } = await profiles.get(agent);
    if (PROGRAMS.has(protocol)) return { resultsFile, preface: '' };
    // Private, so that whoever tells of the prompt later (a hook, a transcript) tells of what the user said.
    const preface = `<private>What the tasks gave that this one comes after is in the JSON file ${resultsFile}.\n</private>`;
    return { resultsFile, preface };
  };
}
