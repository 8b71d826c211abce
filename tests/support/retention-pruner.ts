/**
 * A process that prunes the storage in a directory until it is done or killed: `retention-pruner.ts <directory>`. It
 * prints a line after each transaction, and once more at its end.
 */
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createPruneExpired } from '../../src/application/retention/prune-expired.js';
import {
  countExpired,
  findExpiredAgents,
  findExpiredTasks,
  findExpiredTexts,
} from '../../src/infrastructure/sqlite/find-expired.js';
import { openSqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { stopwatch } from '../../src/infrastructure/system/stopwatch.js';
import { timer } from '../../src/infrastructure/system/timer.js';
import { storageOptions } from './storage.js';

const [directory = ''] = process.argv.slice(2);
const options = storageOptions(directory);
await using storage = await openSqliteStorage({ ...options, durability: 'full' });
const { file: database } = options;
const prune = createPruneExpired({
  read: storage.read,
  transaction: async (work) => {
    const answer = await storage.transaction(work);
    writeSync(1, 'step\n');
    // The one who kills must have time to hear of it.
    await wait(1);
    return answer;
  },
  clock: Date.now,
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  timer,
  stopwatch,
  retention: { eventsDays: 30, finishedTasksDays: 90, toolUseTextDays: 30, runOutputMb: 'forever' },
  expired: {
    count: async (moments) => countExpired({ database, moments }),
    tasks: async (before, limit) => findExpiredTasks({ database, before, limit }),
    agents: async (before, limit) => findExpiredAgents({ database, before, limit }),
    toolUseTexts: async (before, limit) => findExpiredTexts({ database, before, limit }),
    runs: async () => ({ runs: [], directories: 0, bytes: 0 }),
    removeRuns: async () => ({ removed: [], problem: null }),
  },
});
// The timers of the product keep no process alive.
const alive = setInterval(() => {}, 60_000);
const pruned = await prune({ dryRun: false }, new AbortController().signal);
writeSync(1, `${JSON.stringify(pruned)}\n`);
clearInterval(alive);
