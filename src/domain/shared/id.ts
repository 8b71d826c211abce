import { z } from 'zod';
import { DomainError } from './domain-error.js';

/**
 * An id is a 53-bit integer key behind a prefix, written as 11 Crockford base-32 digits, so that the text sorts as the
 * key does and the key alone is stored. See docs/decisions/0002-ids-are-integers.md.
 */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 11;

/** The first digit carries the 3 bits that 10 digits of 5 bits leave of a safe integer. */
const Digits = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{10}$/);

export type Prefix = 'task' | 'session' | 'agent' | 'obs' | 'workspace';
export type Id<P extends Prefix> = `${P}_${string}`;

export const TaskId = z.templateLiteral(['task_', Digits]);
export type TaskId = Id<'task'>;
export const SessionId = z.templateLiteral(['session_', Digits]);
export type SessionId = Id<'session'>;
export const AgentId = z.templateLiteral(['agent_', Digits]);
export type AgentId = Id<'agent'>;
export const ObservationId = z.templateLiteral(['obs_', Digits]);
export type ObservationId = Id<'obs'>;
export const WorkspaceId = z.templateLiteral(['workspace_', Digits]);
export type WorkspaceId = Id<'workspace'>;

/** Writes a key (0 to 2^53 − 1) as the public id with this prefix. */
export function encodeId<P extends Prefix>(prefix: P, key: number): Id<P> {
  let digits = '';
  for (let rest = key, place = 0; place < LENGTH; place += 1) {
    digits = DIGITS.charAt(rest % 32) + digits;
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${digits}`;
}

/** Reads the key back from a public id. Throws `invalid_input` for a text that is no id. */
export function decodeId(id: string): number {
  const start = id.indexOf('_') + 1;
  let key = 0;
  for (let at = start; at < id.length; at += 1) {
    const digit = DIGITS.indexOf(id.charAt(at));
    if (digit < 0) throw notAnId(id);
    key = key * 32 + digit;
  }
  if (start === 0 || id.length - start !== LENGTH || key > Number.MAX_SAFE_INTEGER) throw notAnId(id);
  return key;
}

function notAnId(id: string): DomainError {
  return new DomainError('invalid_input', `"${id.slice(0, 60)}" is not an id.`);
}
