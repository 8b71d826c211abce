import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Longest part of a session's id that names its mark, in characters; agents use UUIDs. */
const MAX_NAME_LENGTH = 80;

/**
 * Notes at a prompt whether the turn that it begins is private as a whole: the server may be gone by the time of the
 * turn's tool uses, and of those no byte may reach the spool either.
 */
export async function notePrivacy(spool: string, body: Buffer): Promise<void> {
  const { session_id: session, prompt } = fieldsOf(body);
  if (typeof session !== 'string' || typeof prompt !== 'string') return;
  const mark = markOf(spool, session);
  const { stripPrivate } = await import('../../domain/privacy/private-parts.js');
  if (/private/i.test(prompt) && stripPrivate(prompt).isPrivate) {
    mkdirSync(spool, { recursive: true, mode: 0o700 });
    writeFileSync(mark, '', { mode: 0o600 });
  } else {
    rmSync(mark, { force: true });
  }
}

/** Whether the turn that this session is in is private as a whole. */
export function isPrivateTurn(spool: string, session: unknown): boolean {
  return typeof session === 'string' && existsSync(markOf(spool, session));
}

/** The fields of an event; none if it is no JSON object. */
export function fieldsOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function markOf(spool: string, session: string): string {
  return join(spool, `.private-${session.replaceAll(/[^\w-]/g, '_').slice(0, MAX_NAME_LENGTH)}`);
}
