/**
 * A process that captures tool uses, distils and summarizes them until it is killed: `distil-writer.ts <directory> <first>`. It
 * prints the number of each tool use once it is on disk.
 */
import { writeSync } from 'node:fs';
import { openSqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { answer, captureUses, install, openDistilQueue } from './distil-queue.js';
import { storageOptions } from './storage.js';
import { SESSION } from './storage-samples.js';

const [directory = '', first = '1'] = process.argv.slice(2);
await using storage = await openSqliteStorage(storageOptions(directory));
await using opened = await openDistilQueue(storage);
void opened.queue.catchUp(opened.scope.signal);
for (let n = Number(first); ; n += 3) {
  await captureUses(storage, [install(n), install(n + 1), install(n + 2)]);
  await answer(storage, 1_000_000 + n);
  writeSync(1, `${String(n + 2)}\n`);
  opened.summaries.turnEnded(SESSION);
  await opened.queue.turnEnded(SESSION);
}
