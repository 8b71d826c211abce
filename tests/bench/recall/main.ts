/**
 * How well questions are answered: the product's search beside what FTS5 does by itself, over the same items.
 *
 *     npm run bench:recall                                          # the sets that are made or found here
 *     npm run bench:recall -- --data items.jsonl --queries queries.jsonl [--out ranked.jsonl]
 *     npm run bench:recall -- --git DIRECTORY --log FILE            # commits; a log may be gzipped
 *
 * Items are `{id, session, at, who, text, title?}`, questions `{id, text, at?, relevant: [id…]}`, one JSON text a line,
 * times in milliseconds or as ISO texts. With `at`, only items at or before it count. `--out` writes for each question
 * and retriever `{set, query, retriever, ranked: [id…]}`.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { chatSet } from './chat-set.js';
import { commitSet, readGitLog } from './commit-set.js';
import { type DataSet, readDataSet } from './data-set.js';
import { type Measures, mean, measure } from './measures.js';
import { ourRetriever } from './our-retriever.js';
import { plainRetrievers } from './retrievers.js';

/** How many ids are ranked for each question. */
const DEPTH = 100;
/** Histories that Debian ships as text, where they are there. */
const LOGS = ['libharfbuzz0b', 'libx11-6', 'fontconfig', 'libpixman-1-0', 'libp11-kit0'].map(
  (name) => `/usr/share/doc/${name}/changelog.gz`,
);
const COLUMNS = ['recall1', 'recall5', 'recall10', 'mrr', 'ndcg10'] as const;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    queries: { type: 'string' },
    out: { type: 'string' },
    git: { type: 'string', multiple: true },
    log: { type: 'string', multiple: true },
  },
});

if (values.out !== undefined) writeFileSync(values.out, '');
for (const set of setsAskedFor()) report(set);

function setsAskedFor(): DataSet[] {
  const { data, queries, git = [], log = [] } = values;
  const sets = [
    ...git.map((directory) => commitSet(basename(directory), readGitLog(directory))),
    ...log.map((file) => commitSet(file.split('/').at(-2) ?? file, readLog(file))),
  ];
  if (data !== undefined && queries !== undefined) sets.push(readDataSet(basename(data), data, queries));
  else if (data !== undefined || queries !== undefined) throw new Error('--data and --queries go together.');
  return sets.length > 0 ? sets : ownSets();
}

function ownSets(): DataSet[] {
  const padding = sentencesOf(readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8'));
  const written = fileURLToPath(new URL('../../../tests/bench/recall/written', import.meta.url));
  const logs = LOGS.filter((file) => existsSync(file));
  for (const file of LOGS) if (!logs.includes(file)) console.log(`skipped: ${file} is not here`);
  return [
    readDataSet('written', `${written}/items.jsonl`, `${written}/queries.jsonl`),
    chatSet('chat, short turns', { conversations: 8, sessions: 25, seed: 1 }),
    chatSet('chat, wordy, dated', { conversations: 6, sessions: 20, seed: 2, wordy: true, dated: true }),
    chatSet('chat, long turns', { conversations: 8, sessions: 25, seed: 3, padding }),
    chatSet('chat, long, wordy', { conversations: 6, sessions: 20, seed: 4, padding, wordy: true, dated: true }),
    ...logs.map((file) => commitSet(`commits of ${file.split('/').at(-2) ?? file}`, readLog(file))),
  ];
}

function report(set: DataSet): void {
  console.log(`\n${set.name}: ${set.items.length} items, ${set.queries.length} questions`);
  console.log(`${''.padEnd(10)}${COLUMNS.map((name) => name.padStart(10)).join('')}`);
  const plain = plainRetrievers(set);
  const ours = ourRetriever(set);
  const tens = new Map<string, number>();
  for (const retriever of [...plain, ours]) {
    const measures = set.queries.map((query): Measures => {
      const ranked = retriever.search(query, DEPTH);
      if (values.out !== undefined) {
        const line = { set: set.name, query: query.id, retriever: retriever.name, ranked };
        appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
      return measure(ranked, query.relevant);
    });
    const average = mean(measures);
    tens.set(retriever.name, average.recall10);
    console.log(retriever.name.padEnd(10) + COLUMNS.map((name) => average[name].toFixed(3).padStart(10)).join(''));
  }
  const [own, base] = [tens.get('ours') ?? 0, tens.get('bm25-or') ?? 0];
  if (base > 0) console.log(`recall@10 of ours is ${((own / base - 1) * 100).toFixed(0)} % above bm25-or`);
  ours.close();
  plain[0]?.close();
}

function readLog(file: string): string {
  const content = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
}

function sentencesOf(text: string): string[] {
  return text.match(/[A-Z][^.|]{30,200}\./g) ?? [];
}
