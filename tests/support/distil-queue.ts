import { createDistilByRules } from '../../src/application/distil/distil-by-rules.js';
import { startDistilQueue } from '../../src/application/distil/distil-queue.js';
import { createDistilToolUses } from '../../src/application/distil/distil-tool-uses.js';
import type { Distil } from '../../src/application/ports/distiller.js';
import type { Logger } from '../../src/application/ports/logger.js';
import { createMakeSummary } from '../../src/application/summary/make-summary.js';
import { summarizeByRules } from '../../src/application/summary/summarize-by-rules.js';
import { startSummaries } from '../../src/application/summary/summarize-sessions.js';
import type { Prompt } from '../../src/domain/session/prompt.js';
import type { ToolUse } from '../../src/domain/session/tool-use.js';
import { createNewId } from '../../src/infrastructure/system/ids.js';
import { createManualTime } from './manual-time.js';
import { openScope } from './scope.js';
import type { OpenedStorage } from './storage.js';
import { prompt, toolUse, WORKSPACE } from './storage-samples.js';

/** Each makes an observation of its own. */
export function install(n: number, change: Partial<ToolUse> = {}): ToolUse {
  return toolUse(n, {
    input: JSON.stringify({ command: `npm install pkg-${n}` }),
    result: 'added 1 package',
    ...change,
  });
}

/** Writes tool uses as capture does. */
export function captureUses({ transaction }: OpenedStorage, uses: readonly ToolUse[]): Promise<void> {
  return transaction(async ({ toolUses, events }) => {
    for (const use of uses) {
      await toolUses.insert(use);
      const data = { toolUseId: use.toolUseId };
      const { at, sessionId } = use;
      await events.append([{ type: 'tooluse.captured', at, sessionId, workspaceId: WORKSPACE, data }]);
    }
  });
}

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Writes what an agent said at the end of a turn, as capture does. */
export function answer({ transaction }: OpenedStorage, n: number, change: Partial<Prompt> = {}): Promise<void> {
  return transaction(async ({ prompts, dueSummaries }) => {
    const said = prompt(n, { who: 'agent', text: `Done with ${n}.`, ...change });
    await prompts.insert(said);
    await dueSummaries.mark(said.sessionId);
  });
}

/** The queue over a storage, and the summaries, with a clock that the test moves. */
export async function openDistilQueue(
  storage: OpenedStorage,
  distil: Distil = createDistilByRules({ logger: SILENT }),
) {
  const time = createManualTime();
  const scope = openScope('distil', time);
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: 0 });
  const logger: Logger = {
    ...SILENT,
    error: (message, details) => {
      throw new Error(message, { cause: details });
    },
  };
  const needs = { ...storage, clock: time.clock, newId, logger };
  const makeSummary = createMakeSummary({ ...needs, summarize: summarizeByRules });
  const summaries = await startSummaries({ ...needs, makeSummary }, scope);
  const queue = await startDistilQueue({ ...needs, distilToolUses: createDistilToolUses({ ...needs, distil }) }, scope);
  return { queue, summaries, makeSummary, time, scope, [Symbol.asyncDispose]: () => scope.close() };
}
