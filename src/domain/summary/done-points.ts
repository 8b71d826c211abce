import { lastOutcomesIn, type Outcome } from '../distil/outcome-fact.js';
import type { KeptObservation } from '../observation/observation.js';

/** What an observation says was found out, chosen or noted. */
export function foundIn({ type, title, facts }: KeptObservation): string[] {
  if (type !== 'discovery' && type !== 'decision' && type !== 'note') return [];
  const [answer] = facts.filter((fact) => fact.includes(': “'));
  return [type === 'discovery' && answer !== undefined ? `${title}: ${answer}` : title];
}

/**
 * What an observation says was done, in words that claim no more than was seen: a fix is one if something failed before
 * and passes after it and does not fail now; how checks ended is said, and that none was seen.
 */
export function doneIn(observation: KeptObservation, failing: ReadonlySet<string>): string[] {
  const { type, title, facts, filesModified } = observation;
  const outcomes = lastOutcomesIn(facts);
  switch (type) {
    case 'change':
    case 'fix':
    case 'feature':
    case 'refactor':
      return [claim(observation, failing) + checked(type, outcomes, failing)];
    case 'test':
      if (filesModified.length > 0) return [claim(observation, failing) + checked(type, outcomes, failing)];
      return outcomes.length > 0 && outcomes.every((one) => one.passed && !failing.has(one.command)) ? [title] : [];
    case 'command':
      return outcomes.some(({ passed }) => !passed) || / failed(?:: |$)/u.test(title) ? [] : [title];
    default:
      return [];
  }
}

/** The title, or what of it is seen. What a commit says of itself is quoted. */
function claim({ title, narrative, facts }: KeptObservation, failing: ReadonlySet<string>): string {
  if (narrative.includes(`Committed as “${title}”`)) return `Committed “${title}”`;
  const repaired = facts.map((fact) => /^Repaired: `([^`]+)`/u.exec(fact)?.[1]).find((label) => label !== undefined);
  const isRepaired = repaired !== undefined && !failing.has(repaired);
  const isChecked = lastOutcomesIn(facts).some(({ passed }) => passed);
  return title
    .replace(/^Fixed\b/u, isRepaired ? 'Fixed' : 'Changed')
    .replace(/^Tested\b/u, isChecked ? 'Tested' : 'Wrote tests');
}

function checked(type: KeptObservation['type'], outcomes: readonly Outcome[], failing: ReadonlySet<string>): string {
  const good = outcomes.findLast(({ passed, command }) => passed && !failing.has(command));
  if (good !== undefined) return `; \`${good.command}\` passed${good.detail === '' ? '' : ` (${good.detail})`}`;
  const bad = outcomes.findLast(({ passed, command }) => !passed || failing.has(command));
  if (bad !== undefined) return `; \`${bad.command}\` failed ${bad.passed ? 'later' : 'after it'}`;
  return type === 'change' ? '' : '; no check of it was seen';
}
