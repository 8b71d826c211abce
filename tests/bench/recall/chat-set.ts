import { CHAT_FILLERS, CHAT_TOPICS, type ChatTopic } from './chat-topics.js';
import type { DataSet, RecallItem, RecallQuery } from './data-set.js';

const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 6, 18);
const NAMES = 'Caro Mel Jon Gina Nate Joanna Tim Audrey Calvin Dave Evan Sam Deb Jolene James Maria'.split(' ');

export interface ChatOptions {
  readonly conversations: number;
  readonly sessions: number;
  readonly seed: number;
  /** Text that makes turns long, as an assistant's are; without it turns are short. */
  readonly padding?: readonly string[];
  /** Whether turns repeat some words of the matter, as people do who explain themselves. */
  readonly wordy?: boolean;
  readonly dated?: boolean;
}

/** Talks of two people over many sessions, and questions about what was told in them. The same for the same seed. */
export function chatSet(name: string, options: ChatOptions): DataSet {
  const random = seeded(options.seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const items: RecallItem[] = [];
  const queries: RecallQuery[] = [];
  for (let talk = 0; talk < options.conversations; talk += 1) {
    const people = [NAMES[(2 * talk) % NAMES.length] ?? 'Ann', NAMES[(2 * talk + 1) % NAMES.length] ?? 'Bob'] as const;
    const seen = new Map<string, string[]>();
    for (let number = 0; number < options.sessions; number += 1) {
      const session = `${name}-${talk}-${number}`;
      let at = START + number * 9 * DAY + Math.floor(random() * 5 * DAY);
      const say = (who: string, you: string, line: string): string => {
        const id = `${session}-${items.length}`;
        const padded = options.padding === undefined ? line : pad(line, options.padding, random);
        items.push({ id, session, at, who, text: padded.replaceAll('$me', who).replaceAll('$you', you) });
        at += 20_000 + Math.floor(random() * 60_000);
        return id;
      };
      const fillers = (count: number): void => {
        for (let turn = 0; turn < count; turn += 1)
          say(people[turn % 2] as string, people[(turn + 1) % 2] as string, pick(CHAT_FILLERS));
      };
      fillers(2);
      for (let part = 0; part < 3; part += 1) {
        const place = Math.floor(random() * CHAT_TOPICS.length);
        const topic = CHAT_TOPICS[place] as ChatTopic;
        const turn = random() < 0.5 ? 0 : 1;
        const [me, you] = [people[turn], people[1 - turn]] as [string, string];
        const value = pick(topic.values);
        const opened = say(me, you, pick(topic.open));
        say(you, me, pick(topic.ask).replaceAll('$me', me));
        const wordy = options.wordy === true && random() < 0.6 ? ` ${pick(topic.open)}` : '';
        const told = say(me, you, pick(topic.tell).replaceAll('$1', value) + wordy);
        fillers(Math.floor(random() * 5));
        const key = `${place} ${me}`;
        seen.set(key, [...(seen.get(key) ?? []), told]);
        if (random() < 0.35) {
          queries.push({
            id: `when-${opened}`,
            text: `When did ${me} say: ${words(pick(topic.open), random)}?`,
            relevant: [opened],
          });
        }
      }
    }
    for (const [key, relevant] of seen) {
      const [place, me] = key.split(' ');
      const topic = CHAT_TOPICS[Number(place)] as ChatTopic;
      if (relevant.length > 3) continue;
      const question = pick(topic.question).replaceAll('$me', me ?? '');
      const [only] = relevant;
      const day = relevant.length === 1 && random() < 0.2 ? dayOf(items.find(({ id }) => id === only)?.at ?? 0) : '';
      queries.push({ id: `${name}-${talk}-${key}`, text: question.replace('?', `${day}?`), relevant });
    }
  }
  const end = items.reduce((latest, { at }) => Math.max(latest, at), 0) + DAY;
  return { name, items, queries: options.dated === true ? queries.map((query) => ({ ...query, at: end })) : queries };
}

function dayOf(at: number): string {
  const date = new Date(at);
  const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' });
  return ` on ${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

/** Some words of a line, in another order: nobody asks in the words that were used. */
function words(line: string, random: () => number): string {
  const all = line
    .replace(/[^A-Za-z ]/g, '')
    .split(' ')
    .filter((word) => word.length > 3);
  return (
    all
      .filter(() => random() < 0.6)
      .reverse()
      .join(' ') ||
    (all[0] ?? '')
  );
}

function pad(line: string, padding: readonly string[], random: () => number): string {
  const count = 1 + Math.floor(random() * 5);
  const parts = Array.from({ length: count }, () => padding[Math.floor(random() * padding.length)] ?? '');
  parts.splice(Math.floor(random() * (count + 1)), 0, line);
  return parts.join(' ');
}

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
