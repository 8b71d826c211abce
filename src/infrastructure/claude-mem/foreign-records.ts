import type {
  ForeignObservation,
  ForeignPrompt,
  ForeignSession,
  ForeignSessionKey,
} from '../../application/ports/claude-mem.js';
import type { ObservationType } from '../../domain/observation/observation.js';
import { MAX_NAME_LENGTH, MAX_SAID_LENGTH } from '../../domain/session/capture-limits.js';
import { MAX_TITLE_LENGTH } from '../../domain/session/session-transitions.js';
import { cutText } from '../../domain/shared/cut-text.js';
import { renderSummary } from '../../domain/summary/summary.js';
import { ProfileName } from '../../domain/task/task.js';
import { clean, toList, toMoment, toNames, toText } from './foreign-values.js';

/** Longest text of an observation, in UTF-16 code units, as of a note. */
const MAX_TEXT_LENGTH = 20_000;
/** Longest fact, and longest point of a summary, likewise. */
const MAX_POINT_LENGTH = 2_000;
/** What sessions are of that say no kind of agent: claude-mem is a plugin of Claude Code. */
const DEFAULT_AGENT = 'claude';

/** The values of a row by our names. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: number };

const TYPES: Readonly<Record<string, ObservationType>> = {
  bugfix: 'fix',
  feature: 'feature',
  refactor: 'refactor',
  change: 'change',
  discovery: 'discovery',
  decision: 'decision',
};

export function toSession(row: Row): ForeignSession {
  const session = keyOf(row) ?? { source: DEFAULT_AGENT, providerSessionId: `claude-mem-${String(row.id)}` };
  const at = toMoment(row['started'], row['startedText']);
  return {
    kind: 'session',
    row: nameOf('sessions', session.providerSessionId, row),
    session,
    project: toText(row['project']),
    title: firstLine(clean(row['title'], MAX_TEXT_LENGTH) || clean(row['prompt'], MAX_TEXT_LENGTH)),
    prompts: Number(row['prompts']),
    at,
    endedAt: toMoment(row['completed'], row['completedText']) || at,
  };
}

export function toPrompt(row: Row): ForeignPrompt {
  const session = keyOf(row);
  return {
    kind: 'prompt',
    row: nameOf('prompts', session?.providerSessionId ?? '', row),
    session,
    project: toText(row['ownProject']),
    number: typeof row['number'] === 'number' && row['number'] > 0 ? Math.floor(row['number']) : 1,
    text: clean(row['text'], MAX_SAID_LENGTH),
    at: toMoment(row['at'], row['atText']),
  };
}

export function toObservation(row: Row): ForeignObservation {
  const [subtitle, told] = [clean(row['subtitle'], MAX_TEXT_LENGTH), clean(row['narrative'], MAX_TEXT_LENGTH)];
  const narrative = [subtitle, told || clean(row['text'], MAX_TEXT_LENGTH)].filter((text) => text !== '').join('\n');
  const type = TYPES[toText(row['type'])] ?? 'discovery';
  return {
    ...placeOf('observations', row),
    type,
    title: firstLine(clean(row['title'], MAX_TEXT_LENGTH) || narrative || type),
    narrative,
    facts: pointsOf(toList(row['facts'])),
    concepts: toNames(row['concepts']),
  };
}

/** What was investigated and learned is what was found; each line is a point. */
export function toSummary(row: Row): ForeignObservation {
  const points = (...names: string[]) => pointsOf(names.flatMap((name) => toList(row[name])));
  const asked = points('request');
  const narrative = renderSummary({
    asked,
    found: points('investigated', 'learned'),
    done: points('completed'),
    open: points('nextSteps'),
  });
  return {
    ...placeOf('summaries', row),
    type: 'summary',
    title: firstLine(`Session: ${asked[0] ?? DEFAULT_AGENT}`),
    narrative,
    facts: points('notes'),
    concepts: [],
  };
}

/** What observations and summaries have in common. A row may have been moved to another project. */
function placeOf(table: string, row: Row) {
  const session = keyOf(row);
  return {
    kind: 'observation' as const,
    row: nameOf(table, session?.providerSessionId ?? toText(row['memory']), row),
    session,
    project: toText(row['merged']) || toText(row['project']),
    filesRead: toNames(row['filesRead']),
    filesModified: toNames(row['filesModified']),
    at: toMoment(row['at'], row['atText']),
  };
}

/** Ids of rows are counted from 1 in every database; with the id of the session they are unique. */
function nameOf(table: string, session: string, { id }: Row): string {
  return `claude-mem:${table}:${session}:${String(id)}`;
}

function keyOf(row: Row): ForeignSessionKey | null {
  const providerSessionId = toText(row['content']).slice(0, MAX_NAME_LENGTH);
  if (providerSessionId === '') return null;
  const source = ProfileName.safeParse(row['platform']);
  return { source: source.success ? source.data : DEFAULT_AGENT, providerSessionId };
}

function pointsOf(items: readonly string[]): string[] {
  return items.map((item) => clean(item, MAX_POINT_LENGTH)).filter((item) => item !== '');
}

function firstLine(text: string): string {
  return cutText(text.trim().split('\n', 1)[0] ?? '', MAX_TITLE_LENGTH);
}
