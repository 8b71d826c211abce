import { excerpt } from '../distil/excerpt.js';

/** So much of the end of a message is looked at, in UTF-16 code units: what is left to do is said at the end. */
const LOOKED_AT = 12_000;

const VERB = '(?:done|implement|finish|fix|test|verif|check|run|ran|complet|add|handl|cover|updat|get to|gotten to)';
/** Words by which somebody says that something is left to do. */
const OPEN = new RegExp(
  [
    '\\b(?:TODO|FIXME)\\b',
    '^next(?: steps?)?[,:]',
    '\\bnext steps?(?: is| are| would| could|:)',
    '\\bleft to do\\b|\\bto be done\\b|\\bout of scope\\b|\\bfollow-?ups?\\b',
    '\\bremains? (?:to|open|broken|undone|unfixed|unimplemented)\\b',
    '\\bremaining(?::| (?:work|steps?|tasks?|items?|points?|issues?|problems?|failures?)\\b)',
    '\\bstill (?:needs?|fails?|failing|missing|open|broken|red|to do|to be|has to|have to)\\b',
    '\\bneeds? to be (?:done|added|fixed|implemented|updated|tested|checked)\\b',
    `\\bnot (?:yet )?(?:been )?${VERB}`,
    `\\b(?:ha(?:ve|s|d)n['’]t|did(?:n['’]t| not)|could(?:n['’]t| not)|unable to|not able to) (?:yet )?(?:been )?(?:able to )?${VERB}`,
  ].join('|'),
  'iu',
);
/** And by which that there is nothing, or no longer. */
const NOTHING =
  /\b(?:no|nothing|none|zero|without)\b.{0,40}\b(?:todos?|fixmes?|remain\w*|left|open|outstanding|follow-?ups?|next steps?|missing|to be done|still)\b|\b(?:fixed|resolved|removed|addressed|done|implemented)\b.{0,40}\b(?:todos?|fixmes?)\b/iu;
/** A line that says what the list below it is. */
const HEADING =
  /^(?:next steps?|remaining(?: \w+)?|to-?dos?|left to do|still (?:open|to do)|not (?:yet )?done|not done yet|open (?:points?|issues?|questions?)|follow-?ups?)[ \t]*:?$/iu;
const BULLET = /^\s{0,8}(?:[-*+•]|\d{1,2}[.)])\s+(?:\[ \]\s*)?/u;
const TICKED = /^\s{0,8}[-*+]\s+\[[xX]\]/u;

/** What a message says in so many words is left to do, as short quotations in its order. */
export function openSentences(message: string, length: number): string[] {
  const text = message.slice(-LOOKED_AT).replace(/```[\s\S]*?(?:```|$)/gu, '\n');
  const open: string[] = [];
  let isBelowHeading = false;
  for (const line of text.split('\n')) {
    const words = line
      .replace(BULLET, '')
      .replace(/^#{1,6}\s+/u, '')
      .replace(/\*\*|__/gu, '')
      .trim();
    if (words === '' || TICKED.test(line)) continue;
    if (HEADING.test(words)) {
      isBelowHeading = true;
    } else if (isBelowHeading && BULLET.test(line)) {
      if (!/^(?:none|nothing|n\/a)\b/iu.test(words)) open.push(words);
    } else {
      isBelowHeading = false;
      open.push(
        ...words.split(/(?<=[.!?。])\s+/u).filter((sentence) => OPEN.test(sentence) && !NOTHING.test(sentence)),
      );
    }
  }
  return open.map((sentence) => excerpt(sentence, length));
}
