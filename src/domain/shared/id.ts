import { z } from 'zod';
import { DomainError } from './domain-error.js';

/**
 * An id is a 53-bit integer key behind a prefix, written as 11 Crockford base-32 digits, so that the text sorts as the
 * key does and the key alone is stored. See docs/decisions/0002-ids-are-integers.md.
 */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 11;
/** The lower six digits hold this many keys. */
const HALF = 2 ** 30;
/** The value of each digit by its character code; −1 for what is no digit. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

/** The first digit carries the 3 bits that 10 digits of 5 bits leave of a safe integer. */
const DIGITS_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{10}$/;
const Digits = z.string().regex(DIGITS_PATTERN);

export type Prefix = 'task' | 'session' | 'prompt' | 'agent' | 'obs' | 'workspace' | 'perm' | 'schedule';
export type Id<P extends Prefix> = `${P}_${string}`;

export const TaskId = z.templateLiteral(['task_', Digits]);
export type TaskId = Id<'task'>;
export const SessionId = z.templateLiteral(['session_', Digits]);
export type SessionId = Id<'session'>;
export const PromptId = z.templateLiteral(['prompt_', Digits]);
export type PromptId = Id<'prompt'>;
export const AgentId = z.templateLiteral(['agent_', Digits]);
export type AgentId = Id<'agent'>;
export const ObservationId = z.templateLiteral(['obs_', Digits]);
export type ObservationId = Id<'obs'>;
export const WorkspaceId = z.templateLiteral(['workspace_', Digits]);
export type WorkspaceId = Id<'workspace'>;

export const PermissionId = z.templateLiteral(['perm_', Digits]);
export type PermissionId = Id<'perm'>;
export const ScheduleId = z.templateLiteral(['schedule_', Digits]);
export type ScheduleId = Id<'schedule'>;

/** Whether a text has the form of an id with this prefix. */
export function isId<P extends Prefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && DIGITS_PATTERN.test(text.slice(prefix.length + 1));
}

/** Writes a key (0 to 2^53 − 1) as the public id with this prefix. */
export function encodeId<P extends Prefix>(prefix: P, key: number): Id<P> {
  // Two halves of whole 32-bit arithmetic and one string: five times as fast as digit by digit, and every row has ids.
  const low = key % HALF;
  const high = (key - low) / HALF;
  const digits = String.fromCharCode(
    digitAt(high, 20),
    digitAt(high, 15),
    digitAt(high, 10),
    digitAt(high, 5),
    digitAt(high, 0),
    digitAt(low, 25),
    digitAt(low, 20),
    digitAt(low, 15),
    digitAt(low, 10),
    digitAt(low, 5),
    digitAt(low, 0),
  );
  return `${prefix}_${digits}`;
}

function digitAt(half: number, shift: number): number {
  return DIGITS.charCodeAt((half >>> shift) & 31);
}

/** Reads the key back from a public id. Throws `invalid_input` for a text that is no id. */
export function decodeId(id: string): number {
  const start = id.indexOf('_') + 1;
  if (start === 0 || id.length - start !== LENGTH) throw notAnId(id);
  let key = 0;
  for (let at = start; at < id.length; at += 1) {
    const digit = VALUES[id.charCodeAt(at)] ?? -1;
    if (digit < 0) throw notAnId(id);
    key = key * 32 + digit;
  }
  if (key > Number.MAX_SAFE_INTEGER) throw notAnId(id);
  return key;
}

function notAnId(id: string): DomainError {
  return new DomainError('invalid_input', `"${id.slice(0, 60)}" is not an id.`);
}
