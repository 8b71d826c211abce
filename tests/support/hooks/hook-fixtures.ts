import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KIT_FIXTURES as FIXTURES } from '../kit.js';

/** A hook as an agent sent it. */
export interface RecordedHook {
  /** Directory and file that it is from. */
  readonly file: string;
  /** In the path: the agent's own name of the event, in kebab case. */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Every hook that was recorded (none without the kit), in the order in which it was sent; the places in it stand for `work` and `home`. */
export function recordedHooks(work: string, home: string): RecordedHook[] {
  if (!existsSync(FIXTURES)) return [];
  return readdirSync(FIXTURES)
    .flatMap((agent) => readdirSync(join(FIXTURES, agent)).map((name) => `${agent}/${name}`))
    .filter((file) => /\/(.*hooks|hook-effects)\.stdin\.jsonl$|\/http-hook/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(FIXTURES, file), 'utf8').replaceAll('$WORK', work).replaceAll('$HOME', home);
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => hookOf(file, JSON.parse(line) as Record<string, unknown>));
    });
}

function hookOf(file: string, line: Record<string, unknown>): RecordedHook {
  const body = (line['stdin'] ?? line['body']) as Record<string, unknown>;
  const own = String(body['hook_event_name']);
  return { file, name: own.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase(), body };
}

/** The same hooks in an order that depends on nothing but `seed`. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
