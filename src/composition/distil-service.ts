import type { Application } from '../application/application.js';
import { type DistilQueue, startDistilQueue } from '../application/distil/distil-queue.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import { type Summaries, startSummaries } from '../application/summary/summarize-sessions.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import type { Ground } from './ground.js';

export interface DistilServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly api: Provider<Application>;
}

/** Makes observations of what is captured, and summaries of sessions; at the start, first of what still waits. */
export function createDistilService({ log, config }: Ground, { storage, api }: DistilServiceOptions): Service {
  let queue: DistilQueue | undefined;
  let summaries: Summaries | undefined;
  return {
    name: 'distil',
    needs: [storage.name, api.name],
    critical: false,
    async start(scope) {
      const { clearDistiller } = api.provided();
      await clearDistiller();
      if (!config.memory.enabled) return;
      const { transaction, read, eventLog } = storage.provided();
      const { distilToolUses, makeSummary, turnEnds, requeues } = api.provided();
      const needs = { transaction, read, eventLog, clock, logger: log };
      // First, so that it hears of all that the queue does.
      const telling = await startSummaries({ ...needs, makeSummary }, scope);
      const opened = await startDistilQueue({ ...needs, distilToolUses }, scope);
      scope.defer(
        'ends of turns',
        turnEnds.onRing((sessionId) => {
          telling.turnEnded(sessionId);
          opened.turnEnded(sessionId).catch((error: unknown) => {
            log.warn('the end of a turn was missed', { sessionId, error });
          });
        }),
      );
      scope.defer('what waits again', requeues.onRing(opened.takeUp));
      queue = opened;
      summaries = telling;
    },
    async warmUp({ signal }) {
      await queue?.catchUp(signal);
      await summaries?.catchUp(signal);
    },
  };
}
