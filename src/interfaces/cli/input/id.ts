import type { Id, Prefix } from '../../../domain/shared/id.js';
import { usageError } from '../cli-error.js';

/** The domain's own check of an id would load zod, which costs a short command more than all it does. */
const DIGITS = /^[0-7][0-9A-HJKMNP-TV-Z]{10}$/;

/** Reads an id with this prefix, as the user typed or pasted it. */
export function parseId<P extends Prefix>(prefix: P, text: string): Id<P> {
  if (isId(prefix, text)) return text;
  throw usageError(
    `"${text}" is not the id of ${prefix === 'agent' || prefix === 'obs' ? 'an' : 'a'} ${NOUN[prefix]}; one looks like ${prefix}_01ABCDEF234.`,
  );
}

/** Whether a text has the form of an id with this prefix. */
export function isId<P extends Prefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && DIGITS.test(text.slice(prefix.length + 1));
}

const NOUN: Readonly<Record<Prefix, string>> = {
  task: 'task',
  session: 'session',
  prompt: 'prompt',
  agent: 'agent',
  obs: 'observation',
  workspace: 'workspace',
  perm: 'permission',
  schedule: 'schedule',
};
