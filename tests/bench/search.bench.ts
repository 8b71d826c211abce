/**
 * Search over made-up observations with a vocabulary like that of real ones (Zipf's law), on a file of its own, as a
 * worker thread does it. Prints figures, judges nothing.
 *
 *     npm run bench -- search            # 200,000 documents; the second number is the questions
 *     node dist/bench/search.bench.mjs 1000000 400
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { DocumentWrites } from '../../src/infrastructure/sqlite/document-writes.js';
import { migrate } from '../../src/infrastructure/sqlite/migrator.js';
import { openReader, openWriter } from '../../src/infrastructure/sqlite/open-database.js';
import { DocumentSearch } from '../../src/infrastructure/sqlite/search-documents.js';
import { madeUpDocument, madeUpQuestion, Vocabulary } from './search/made-up-documents.js';

const documents = Number(process.argv[2] ?? 200_000);
const questions = Number(process.argv[3] ?? 400);
const GROUP = 1_000;
/** Questions before the measurement: the second one of a user finds a warm thread. */
const WARM_UP = 20;
const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));
try {
  const file = join(directory, 'search.db');
  const writer = openWriter(file, 'normal');
  await migrate(writer, {
    backupsDirectory: join(directory, 'backups'),
    migrationsDirectory: fileURLToPath(new URL('../../migrations', import.meta.url)),
  });
  const vocabulary = new Vocabulary(7);
  fill(writer, vocabulary);
  const reader = openReader(file);
  const search = new DocumentSearch(reader);
  const times: number[] = [];
  const cpu: number[] = [];
  for (let number = 0; number < questions; number += 1) {
    const request = madeUpQuestion(vocabulary, number, documents);
    const [start, used] = [performance.now(), process.cpuUsage()];
    search.search(request);
    const { user, system } = process.cpuUsage(used);
    if (number < WARM_UP) continue;
    times.push(performance.now() - start);
    cpu.push((user + system) / 1_000);
  }
  print('elapsed', times);
  print('CPU', cpu);
  console.log(
    `RSS ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB, file ${(statSync(file).size / 2 ** 20).toFixed(0)} MB`,
  );
  reader.close();
  writer.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function fill(writer: ReturnType<typeof openWriter>, vocabulary: Vocabulary): void {
  const writes = new DocumentWrites(writer);
  let spent = 0;
  const used = process.cpuUsage();
  for (let first = 0; first < documents; first += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, documents - first) }, (_, place) =>
      madeUpDocument(vocabulary, first + place),
    );
    const start = performance.now();
    writer.transaction(() => {
      for (const document of group) writes.insert(document);
    })();
    spent += performance.now() - start;
  }
  console.log(
    `insert: ${((spent / documents) * 1000).toFixed(0)} µs a document; CPU with making it up: ${(process.cpuUsage(used).user / documents).toFixed(0)} µs`,
  );
}

function print(what: string, times: number[]): void {
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
  console.log(
    `search, ${documents} documents, ${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`,
  );
}
