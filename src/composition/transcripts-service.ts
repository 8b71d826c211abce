import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Workers } from '../application/ports/workers.js';
import { type FollowedTranscripts, followTranscripts } from '../application/session/follow-transcripts.js';
import { createReadTranscript } from '../application/session/read-transcript.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import { createTranscriptFiles } from '../infrastructure/transcripts/transcript-files.js';
import { transcriptRoots } from '../infrastructure/transcripts/transcript-roots.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

/** A part that takes longer is on a disk that hangs, in milliseconds. */
const READ_TIMEOUT_MS = 60_000;

export interface TranscriptsServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly workers: Provider<Workers<WorkerJobs>>;
  readonly api: Provider<Application>;
}

/** Reads in the transcripts of agents what their hooks have missed. */
export function createTranscriptsService(
  { environment, config, log }: Ground,
  { storage, workers, api }: TranscriptsServiceOptions,
): Service {
  let followed: FollowedTranscripts | undefined;
  return {
    name: 'transcripts',
    needs: [storage.name, workers.name, api.name],
    critical: false,
    start(scope) {
      if (!config.memory.enabled) return;
      const { transaction, read, eventLog } = storage.provided();
      const { recordPrompt, recordAnswer, recordToolUses, turnEnds } = api.provided();
      const transcripts = createTranscriptFiles({
        roots: transcriptRoots(environment.variables),
        read: (input, signal) =>
          workers.provided().run('readTranscript', input, { timeoutMs: READ_TIMEOUT_MS, signal }),
      });
      const recording = { recordPrompt, recordAnswer, recordToolUses };
      const readTranscript = createReadTranscript({ read, transaction, clock, transcripts, ...recording });
      followed = followTranscripts({ read, eventLog, logger: log, turnEnds, transcripts, readTranscript }, scope);
    },
    warmUp: (scope) => followed?.catchUp(scope.signal),
  };
}
