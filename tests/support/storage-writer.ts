/**
 * A process that writes to the storage in a directory until it cannot: `storage-writer.ts <directory>`. It inserts
 * tasks from 20 callers at once and prints a JSON line for each answer, once it has it.
 */
import { writeSync } from 'node:fs';
import { DomainError } from '../../src/domain/shared/domain-error.js';
import { openSqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { storageOptions } from './storage.js';
import { addWorkspaces, fact, pendingTask } from './storage-samples.js';

/** What the process says of each task. */
export type WriterAnswer =
  | { readonly acknowledged: number }
  | { readonly refused: number; readonly code: string; readonly message: string }
  | { readonly readable: number };

const say = (answer: WriterAnswer) => writeSync(1, `${JSON.stringify(answer)}\n`);

const [directory = ''] = process.argv.slice(2);
await using storage = await openSqliteStorage({ ...storageOptions(directory), durability: 'full' });
await addWorkspaces(storage);

let next = 0;
let isRefused = false;
await Promise.all(
  Array.from({ length: 20 }, async () => {
    while (!isRefused) {
      next += 1;
      const n = next;
      try {
        await storage.transaction(async ({ tasks, events }) => {
          await tasks.insert(pendingTask(n, { prompt: 'x'.repeat(3_000) }));
          await events.append([fact(n)]);
        });
        say({ acknowledged: n });
      } catch (error) {
        isRefused = true;
        if (!(error instanceof DomainError)) throw error;
        say({ refused: n, code: error.code, message: error.message });
      }
    }
  }),
);
say({ readable: (await storage.read(({ tasks }) => tasks.counts())).pending });
