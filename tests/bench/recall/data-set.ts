import { readFileSync } from 'node:fs';

/** One thing that can be found. `at` in milliseconds. */
export interface RecallItem {
  readonly id: string;
  readonly session: string;
  readonly at: number;
  readonly who: string;
  readonly text: string;
  readonly title?: string;
}

/** A question and the ids that answer it; with `at`, only items at or before it count. */
export interface RecallQuery {
  readonly id: string;
  readonly text: string;
  readonly at?: number;
  readonly relevant: readonly string[];
}

export interface DataSet {
  readonly name: string;
  readonly items: readonly RecallItem[];
  readonly queries: readonly RecallQuery[];
}

/** Reads JSON lines; times may also be ISO texts. Throws with file and line for one that is not JSON. */
export function readDataSet(name: string, itemsFile: string, queriesFile: string): DataSet {
  return {
    name,
    items: readLines<RecallItem>(itemsFile).map((item) => ({ ...item, at: toTime(item.at) ?? 0 })),
    queries: readLines<RecallQuery>(queriesFile).map(({ at, ...query }) => {
      const time = toTime(at);
      return time === undefined ? query : { ...query, at: time };
    }),
  };
}

function readLines<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, place) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as T];
    } catch (cause) {
      throw new Error(`${file}, line ${place + 1}, is not JSON.`, { cause });
    }
  });
}

function toTime(at: unknown): number | undefined {
  if (typeof at === 'number') return at;
  if (typeof at !== 'string') return undefined;
  const time = Date.parse(at);
  return Number.isNaN(time) ? undefined : time;
}
