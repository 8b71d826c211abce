import { excerpt } from './excerpt.js';

/** What a prompt wants done; `ask` wants to know something, `other` is not clear. */
export type Intent = 'fix' | 'feature' | 'refactor' | 'test' | 'ask' | 'other';

/** Characters of a prompt in which its verb is looked for: those after are details. */
const VERB_WITHIN = 400;
/** A prompt's gist in a title and in a narrative, in characters. */
export const SHORT_GIST = 70;
export const LONG_GIST = 200;

const VERBS: readonly (readonly [Intent, RegExp])[] = [
  [
    'fix',
    /\b(?:fix(?:es|ed)?|bugs?|broken|breaks|fail(?:s|ing|ed|ure)?|crash(?:es|ed|ing)?|regression|repair|debug|wrong|doesn['’]?t work|not work(?:ing)?|throws|flaky|leaks?)\b/iu,
  ],
  [
    'refactor',
    /\b(?:refactor\w*|renam(?:e|ing)|clean(?:ing)? ?up|tidy|restructur\w*|simplif\w*|extract|inline|dedup\w*|reorgani[sz]\w*|split (?:up )?(?:the|this|out)|move (?:the|this|all)|migrat\w* to|convert \w+ to)\b/iu,
  ],
  [
    'test',
    /\b(?:(?:add|write|extend|improve|more|missing)\s+(?:(?:a|an|some|more|the|missing|unit|integration|e2e|regression|failing)\s+)*(?:tests?|specs?)\b|test coverage|cover (?:the|with)\b)/iu,
  ],
  [
    'feature',
    /\b(?:add|implement\w*|create|build|introduc\w*|support|write|make|generate|new|set ?up|scaffold|allow|enable|extend)\b/iu,
  ],
  [
    'ask',
    /^(?:what|why|how|where|when|who|which|is|are|does|do|can|could|explain|describe|find out|look (?:at|into|for)|investigat\w*|research|analy[sz]e|summari[sz]e|review|show me|tell me|check (?:if|whether|how|why)|understand)\b/iu,
  ],
];

/** Reads what a prompt wants from the verb that comes first. */
export function intentOf(prompt: string): Intent {
  const text = gist(prompt, VERB_WITHIN);
  let best: { readonly intent: Intent; readonly at: number } = {
    intent: text.endsWith('?') ? 'ask' : 'other',
    at: Infinity,
  };
  for (const [intent, pattern] of VERBS) {
    const at = pattern.exec(text)?.index ?? Infinity;
    if (at < best.at) best = { intent, at };
  }
  return best.intent;
}

/**
 * A prompt's first sentences on one line. What programs put in (reminders, files, notifications in tags) is left out,
 * or told by its own summary.
 */
export function gist(prompt: string, length: number): string {
  const start = prompt.slice(0, 4_000);
  const told = /<summary>([^<]{1,400})<\/summary>/u.exec(start)?.[1];
  if (start.startsWith('<task-notification>') && told !== undefined) return excerpt(told, length);
  const text = start
    .replace(/<([a-z][\w-]{0,40})>[\s\S]*?<\/\1>/gu, ' ')
    .replace(/```[\s\S]*?(?:```|$)/gu, ' ')
    .replace(/^\s*(?:please|hey|hi|hello|ok(?:ay)?|now|then|so|can you|could you)\b[ ,]*/iu, '');
  return excerpt(text, length);
}

/** The parts of a prompt that asks for several things one after the other. */
export function clausesOf(prompt: string): string[] {
  const parts = prompt.slice(0, 4_000).split(/,? (?:and )?then,? |\n\s{0,8}(?:[-*]|\d{1,2}[.)])\s+/iu);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** The intent that the prefix of a commit's subject tells, as in `fix(login): …`. */
export function intentOfSubject(subject: string): Intent | null {
  const type = /^(\w+)(?:\([^)]{0,60}\))?!?: /u.exec(subject)?.[1]?.toLowerCase();
  if (type === 'fix' || type === 'refactor' || type === 'test') return type;
  if (type === 'feat') return 'feature';
  return type !== undefined && /^(?:docs|chore|ci|build|style|perf|revert)$/u.test(type) ? 'other' : null;
}
