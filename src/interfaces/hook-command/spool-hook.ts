import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareText } from '../../domain/privacy/prepare-text.js';
import { redactJson } from '../../domain/privacy/redact-json.js';
import type { HookRequest } from './post-hook.js';
import { fieldsOf, isPrivateTurn } from './private-turn.js';

/** Most events that wait for a server; days of work with none. What comes then is dropped. */
const MAX_SPOOLED = 20_000;
/** Most characters of strings that are kept of one event: more than the server keeps of one. */
const MAX_EVENT_LENGTH = 262_144;
/** What a prompt becomes that is private as a whole, so that the server knows it for one. */
const PRIVATE_PROMPT = '<private></private>';

/**
 * Keeps an event for the next server, whole or not at all: a file that is written beside and then renamed. Private parts
 * and secrets are taken out before, for the spool is a file like any other. Not brought to the disk by force: that can
 * take a second, and a power cut loses the agent's own work of that moment too.
 */
export function spoolHook(spool: string, { name, source, body, id, run }: HookRequest, now: number): void {
  const fields = fieldsOf(body);
  if (Object.keys(fields).length === 0 || isPrivateTurn(spool, fields['session_id'])) return;
  const { value } = redactJson(fields, MAX_EVENT_LENGTH);
  const isPrivate = typeof fields['prompt'] === 'string' && prepareText(fields['prompt'], 1).isPrivate;
  const kept = isPrivate ? { ...(value as object), prompt: PRIVATE_PROMPT } : value;
  mkdirSync(spool, { recursive: true, mode: 0o700 });
  if (readdirSync(spool).length >= MAX_SPOOLED) return;
  const file = `${String(now).padStart(15, '0')}-${process.hrtime.bigint()}-${process.pid}.json`;
  const beside = join(spool, `.${file}`);
  writeFileSync(beside, JSON.stringify({ name, source, id, run, at: now, body: kept }), { mode: 0o600, flag: 'wx' });
  renameSync(beside, join(spool, file));
}
