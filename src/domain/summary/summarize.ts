import { distinct, excerpt, plainText } from '../distil/excerpt.js';
import { gist, LONG_GIST } from '../distil/intent.js';
import { stillFailing } from '../distil/outcome-fact.js';
import type { KeptObservation } from '../observation/observation.js';
import { isPrivate, type Prompt } from '../session/prompt.js';
import { cutText } from '../shared/cut-text.js';
import { doneIn, foundIn } from './done-points.js';
import { openSentences } from './open-sentences.js';
import type { SummaryParts } from './summary.js';

/** Most points of a part, and the longest point in UTF-16 code units: a summary is a page at most. */
export const MAX_POINTS = 8;
export const MAX_POINT_LENGTH = 240;

/** What is known of a session, each list oldest first. `failure` says why it failed, if it did. */
export interface SummaryMaterial {
  readonly prompts: readonly Prompt[];
  readonly answers: readonly Prompt[];
  readonly observations: readonly KeptObservation[];
  readonly failure: string | null;
}

/**
 * Tells a session in four parts without a model; the same material gives the same words. It says nothing that was not
 * seen: what an agent says of itself is quoted. Null when there is nothing to tell.
 */
export function summarize({ prompts, answers, observations, failure }: SummaryMaterial): SummaryParts | null {
  const asked = prompts.filter((prompt) => prompt.who !== 'system' && !isPrivate(prompt));
  const made = observations.filter(({ type }) => type !== 'summary');
  if (asked.length === 0 && made.length === 0) return null;
  const failing = stillFailing(made.flatMap(({ facts }) => facts));
  const labels = new Set(failing.map(({ command }) => command));
  const answer = answers.at(-1);
  const found = made.flatMap(foundIn);
  return {
    asked: bounded(asked.map(({ text }) => gist(text, LONG_GIST))),
    found: bounded(
      made.length === 0 && answer !== undefined ? [`The agent said: “${excerpt(answer.text, LONG_GIST)}”`] : found,
    ),
    done: bounded(made.flatMap((observation) => doneIn(observation, labels))),
    open: bounded([
      ...unanswered(asked, answers, made),
      ...(answer === undefined ? [] : openSentences(answer.text, LONG_GIST).map((said) => `The agent said: “${said}”`)),
      ...failing.map(({ command, detail }) => `\`${command}\` failed last${detail === '' ? '' : `: ${detail}`}`),
      ...(failure === null ? [] : [`The session failed: ${excerpt(failure)}`]),
    ]),
  };
}

/** The last prompt, if no answer to it was seen. Where no answer ever comes in and work is seen, that says nothing. */
function unanswered(asked: readonly Prompt[], answers: readonly Prompt[], made: readonly KeptObservation[]): string[] {
  const last = asked.at(-1);
  if (last === undefined || answers.some(({ number }) => number >= last.number)) return [];
  if (answers.length === 0 && made.length > 0) return [];
  return [`No answer was seen to: “${gist(last.text, LONG_GIST)}”`];
}

/** Each point once, at its last place; of many the last, and how many came before. */
function bounded(points: readonly string[]): string[] {
  const lines = points.map((point) => cutText(plainText(point).replace(/\s+/gu, ' ').trim(), MAX_POINT_LENGTH));
  const all = distinct(lines.reverse()).reverse();
  if (all.length <= MAX_POINTS) return all;
  const shown = all.slice(1 - MAX_POINTS);
  return [`(${String(all.length - shown.length)} earlier)`, ...shown];
}
